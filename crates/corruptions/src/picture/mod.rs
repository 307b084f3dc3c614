//! RGB pictures in memory, whose bytes and size fit together.

mod layout;
mod view;
#[cfg(feature = "image")]
mod with_image;

use crate::Result;
pub use view::PictureMut;

/// An RGB picture that owns its bytes: rows from top to bottom, pixels from left to right, one byte for each of red,
/// green and blue, without padding.
///
/// Other layouts are converted on the way in and out: grey ([`Picture::from_grey`]), blue before red
/// ([`Picture::from_bgr`]) and padded rows ([`Picture::from_rows`]). With the feature `image`, `Picture::from` takes an
/// [`image::RgbImage`] and gives one back, without a copy.
///
/// ```
/// use scribe_corruptions::{Picture, Suite, Severity};
///
/// let mut picture = Picture::from_pixel(64, 48, [200, 120, 40]);
/// Suite::imagecorruptions().apply(&mut picture, "fog", Severity::new(3)?, 0, "my-picture")?;
/// assert_eq!(picture.bytes().len(), 3 * 64 * 48);
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    bytes: Vec<u8>,
    width: usize,
    height: usize,
}

impl Picture {
    /// A picture of `width` times `height` pixels from its bytes.
    ///
    /// # Errors
    /// [`Error::Buffer`](crate::Error::Buffer) unless there are `3 * width * height` bytes.
    pub fn new(bytes: Vec<u8>, width: usize, height: usize) -> Result<Picture> {
        view::check_length(bytes.len(), 3, width, height)?;
        Ok(Picture { bytes, width, height })
    }

    /// A picture whose pixels are all the same.
    ///
    /// # Panics
    /// If `3 * width * height` bytes are more than memory can address.
    #[must_use]
    pub fn from_pixel(width: usize, height: usize, pixel: [u8; 3]) -> Picture {
        Picture { bytes: pixel.repeat(length(width, height) / 3), width, height }
    }

    /// A picture whose pixel at column `x` and row `y` is `pixel(x, y)`.
    ///
    /// # Panics
    /// If `3 * width * height` bytes are more than memory can address.
    #[must_use]
    pub fn from_fn(width: usize, height: usize, mut pixel: impl FnMut(usize, usize) -> [u8; 3]) -> Picture {
        let mut bytes = Vec::with_capacity(length(width, height));
        for y in 0..height {
            (0..width).for_each(|x| bytes.extend(pixel(x, y)));
        }
        Picture { bytes, width, height }
    }

    /// The pixel at column `x` and row `y`.
    ///
    /// # Panics
    /// If there is no such pixel.
    #[must_use]
    pub fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        assert!(x < self.width && y < self.height, "no pixel ({x}, {y}) in {}x{}", self.width, self.height);
        let start = 3 * (y * self.width + x);
        [self.bytes[start], self.bytes[start + 1], self.bytes[start + 2]]
    }

    /// Pixels in a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The bytes, `3 * width * height` of them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// The bytes of a picture. A product that wraps around would make a picture whose bytes do not fit its size.
fn length(width: usize, height: usize) -> usize {
    let length = width.checked_mul(height).and_then(|pixels| pixels.checked_mul(3));
    let addressed = length.filter(|&length| isize::try_from(length).is_ok());
    addressed
        .unwrap_or_else(|| panic!("a picture of {width}x{height} pixels is more than memory can address"))
}
