//! What a loss does with pixels that belong to no class.

/// The label value of pixels that belong to no class (PASCAL VOC).
pub const VOID_LABEL: u8 = 255;

/// What a loss does with pixels labelled [`VOID_LABEL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Void {
    /// They are not counted.
    Ignore,
    /// They are trained as class 0, as the authors' notebook does for SCrIBE.
    AsBackground,
}

impl Void {
    /// The class that a pixel with this label is trained as, if any.
    pub(super) fn class(self, label: u8) -> Option<u8> {
        match (label, self) {
            (VOID_LABEL, Self::Ignore) => None,
            (VOID_LABEL, Self::AsBackground) => Some(0),
            (label, _) => Some(label),
        }
    }
}
