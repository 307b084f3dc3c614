//! One class.

/// One class of a data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its name in tables, figures and error messages.
    pub name: String,
    /// The RGB colour in which it is shown.
    pub colour: [u8; 3],
    /// The values of grey and palette label files that mean it.
    pub values: Vec<u16>,
    /// The RGB colours of label files saved in colour that mean it.
    pub colours: Vec<[u8; 3]>,
    /// Whether the description states `colour`; otherwise it was chosen, and says nothing of the palettes of label files.
    pub states_colour: bool,
}
