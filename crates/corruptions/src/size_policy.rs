//! Which picture sizes a corruption accepts.

/// Which picture sizes a corruption accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizePolicy {
    /// Any picture with both sides at least this long, in pixels.
    AtLeast(usize),
    /// As [`SizePolicy::AtLeast`], for what is drawn on a square whose side `N` is the next power of two from the longer
    /// side: where `N` is above 8192, `N N` is at most 32 times the picture's pixels. A strip of a few kilobytes, such as
    /// one of 32x500000 pixels, would otherwise ask for terabytes.
    InSquare(usize),
    /// Only pictures of exactly this width and height: some originals exist at 224x224 alone.
    Exactly(usize, usize),
}

/// The side up to which a square is made for every picture; its half, as doubles, takes 134 MB.
const ANY_PICTURE: usize = 8192;

/// How many times the picture's pixels a larger square may have.
const MOST_TIMES: u128 = 32;

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
            SizePolicy::InSquare(side) => {
                SizePolicy::AtLeast(side).accepts(width, height) && is_in_square(width, height)
            }
            SizePolicy::Exactly(w, h) => (width, height) == (w, h),
        }
    }
}

/// Whether the square that is drawn for a picture is in proportion to it.
fn is_in_square(width: usize, height: usize) -> bool {
    let pixels = width as u128 * height as u128;
    let side = width.max(height).checked_next_power_of_two();
    side.is_some_and(|side| side <= ANY_PICTURE || (side as u128).pow(2) <= MOST_TIMES * pixels)
}

impl std::fmt::Display for SizePolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SizePolicy::AtLeast(side) => write!(f, "at least {side}x{side}"),
            SizePolicy::InSquare(side) => write!(
                f,
                "at least {side}x{side}, and no long strip: the square that is drawn for it, whose side is the next power \
                 of two from the longer side, may have {MOST_TIMES} times its pixels, or a side of {ANY_PICTURE}"
            ),
            SizePolicy::Exactly(w, h) => write!(f, "exactly {w}x{h}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_is_refused_where_its_square_is_large() {
        let accepts = |width, height| SizePolicy::InSquare(32).accepts(width, height);
        assert!(!accepts(31, 64) && accepts(32, 32));
        // Up to a side of 8192 = 2^13 every strip is taken.
        assert!(accepts(32, 8192) && accepts(8192, 32));
        // 16384 = 2^14, whose square is 2^28 = 32 * 2^23, and 2^23 = 16384 * 512.
        assert!(accepts(16_384, 512) && !accepts(16_384, 511) && !accepts(511, 16_384));
        // 8193 needs the same square: 32 * 8193 * 1023 = 268,206,048 is below 2^28 = 268,435,456, one row more is above.
        assert!(accepts(8193, 1024) && !accepts(8193, 1023));
        // The largest picture that is read by default.
        assert!(accepts(16_384, 8192));
        assert!(!accepts(32, 20_000) && !accepts(524_287, 32) && !accepts(usize::MAX, 32));
    }
}
