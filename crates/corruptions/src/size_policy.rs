//! Which picture sizes a corruption accepts.

/// Which picture sizes a corruption accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizePolicy {
    /// Any picture with both sides at least this long, in pixels.
    AtLeast(usize),
    /// Only pictures of exactly this width and height: some originals exist at 224x224 alone.
    Exactly(usize, usize),
}

impl SizePolicy {
    /// The reference's own rule: both sides at least 32 pixels.
    pub const ANY: SizePolicy = SizePolicy::AtLeast(32);

    /// The authors' toolkit's rule: 224x224 pixels.
    pub const ONLY_224: SizePolicy = SizePolicy::Exactly(224, 224);

    /// Whether a picture of this size is accepted.
    #[must_use]
    pub fn accepts(self, width: usize, height: usize) -> bool {
        match self {
            SizePolicy::AtLeast(side) => width >= side && height >= side,
            SizePolicy::Exactly(w, h) => (width, height) == (w, h),
        }
    }
}

impl std::fmt::Display for SizePolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SizePolicy::AtLeast(side) => write!(f, "at least {side}x{side}"),
            SizePolicy::Exactly(w, h) => write!(f, "exactly {w}x{h}"),
        }
    }
}
