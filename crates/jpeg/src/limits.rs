//! How large a picture may be.

/// What a file may ask for. Its size is compared with this before memory is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most pixels (width times height).
    pub max_pixels: u64,
}

impl Default for Limits {
    /// 2^27 = 134,217,728 pixels, for example 16,384 x 8,192.
    fn default() -> Limits {
        Limits { max_pixels: 1 << 27 }
    }
}
