//! How the pixels of a picture's file are stored.

use std::fmt;

/// How the pixels of a JPEG or PNG file are stored. [`crate::read_image`] makes 8-bit RGB of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PixelFormat {
    /// 8 bits for each of three or more channels; a fourth channel of a PNG file is alpha.
    Colour,
    /// One channel, with or without alpha: a picture without colour, or a map of labels or depths.
    Grey,
    /// Indices into a palette, as label maps have them.
    Palette,
    /// 16 bits for each channel, of which the high byte is read.
    SixteenBit,
}

impl fmt::Display for PixelFormat {
    /// As a sentence calls such a picture.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PixelFormat::Colour => "8-bit colour",
            PixelFormat::Grey => "grey, without colour",
            PixelFormat::Palette => "indices into a palette, as label maps are",
            PixelFormat::SixteenBit => "16 bits a channel",
        })
    }
}
