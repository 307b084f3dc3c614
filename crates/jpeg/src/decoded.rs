//! A decoded picture.

/// A decoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Width in pixels, at least 1.
    pub width: u32,
    /// Height in pixels, at least 1.
    pub height: u32,
    /// Red, green and blue of each pixel, row by row from the top: `3 * width * height` bytes.
    pub pixels: Vec<u8>,
}

#[cfg(feature = "image")]
impl From<Decoded> for image::RgbImage {
    fn from(decoded: Decoded) -> image::RgbImage {
        image::RgbImage::from_raw(decoded.width, decoded.height, decoded.pixels)
            .expect("three bytes for each pixel")
    }
}
