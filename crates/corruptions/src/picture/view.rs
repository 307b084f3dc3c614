//! A picture in the caller's buffer, to be changed in place.

use super::Picture;
use crate::{Error, Result};

/// A view of an RGB picture in any buffer: `height` rows of `width` pixels, each of red, green and blue, one byte a
/// sample, without padding.
///
/// That the buffer has the right length is checked once, by [`PictureMut::new`].
/// A `&mut` [`Picture`] becomes a view by `into()`, and so does a `&mut image::RgbImage` with the feature `image`.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::Brightness};
/// let mut bytes = vec![100; 3 * 32 * 32];
/// Brightness.apply_in_place(PictureMut::new(&mut bytes, 32, 32)?, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert_eq!(bytes[0], 227);
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Debug)]
pub struct PictureMut<'a> {
    pub(super) bytes: &'a mut [u8],
    pub(super) width: usize,
    pub(super) height: usize,
}

impl<'a> PictureMut<'a> {
    /// A view of `bytes`.
    ///
    /// # Errors
    /// [`Error::Buffer`] unless there are `3 * width * height` bytes.
    pub fn new(bytes: &'a mut [u8], width: usize, height: usize) -> Result<PictureMut<'a>> {
        check_length(bytes.len(), 3, width, height)?;
        Ok(PictureMut { bytes, width, height })
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

    /// A view of the same picture that lives shorter.
    pub(crate) fn reborrow(&mut self) -> PictureMut<'_> {
        PictureMut { bytes: self.bytes, width: self.width, height: self.height }
    }

    /// Exchanges the first and the third sample of every pixel.
    pub(crate) fn swap_red_and_blue(&mut self) {
        swap_red_and_blue(self.bytes);
    }

    /// The bytes.
    #[must_use]
    pub fn into_bytes(self) -> &'a mut [u8] {
        self.bytes
    }

    /// The bytes, the width and the height.
    #[must_use]
    pub fn into_parts(self) -> (&'a mut [u8], usize, usize) {
        (self.bytes, self.width, self.height)
    }
}

impl<'a> From<&'a mut Picture> for PictureMut<'a> {
    fn from(picture: &'a mut Picture) -> Self {
        PictureMut { width: picture.width, height: picture.height, bytes: &mut picture.bytes }
    }
}

/// Refuses a buffer of another length than `channels * width * height`.
pub(super) fn check_length(len: usize, channels: usize, width: usize, height: usize) -> Result<()> {
    let expected = channels.saturating_mul(width).saturating_mul(height);
    if len == expected { Ok(()) } else { Err(Error::Buffer { len, channels, width, height, expected }) }
}

/// Exchanges the first and the third sample of every pixel.
pub(super) fn swap_red_and_blue(bytes: &mut [u8]) {
    bytes.as_chunks_mut::<3>().0.iter_mut().for_each(|pixel| pixel.swap(0, 2));
}
