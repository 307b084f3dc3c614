//! Pictures in other layouts: grey, BGR, and rows with padding.

use super::Picture;
use super::view::{check_length, swap_red_and_blue};
use crate::{Error, Result};

impl Picture {
    /// A grey picture of one byte a pixel, as the reference takes it: with the grey value in all three channels.
    ///
    /// The corrupted picture is in general not grey, because noise differs from channel to channel.
    ///
    /// ```
    /// use scribe_corruptions::Picture;
    /// let picture = Picture::from_grey(&[10, 20], 2, 1)?;
    /// assert_eq!(picture.bytes(), [10, 10, 10, 20, 20, 20]);
    /// # Ok::<(), scribe_corruptions::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Buffer`] unless there are `width * height` bytes.
    pub fn from_grey(grey: &[u8], width: usize, height: usize) -> Result<Picture> {
        check_length(grey.len(), 1, width, height)?;
        let bytes = grey.iter().flat_map(|&value| [value; 3]).collect();
        Ok(Picture { bytes, width, height })
    }

    /// A picture whose pixels are stored as blue, green, red, as OpenCV stores them.
    ///
    /// Corruptions do not treat the channels alike, so that the order matters: the reference's is red first.
    ///
    /// ```
    /// use scribe_corruptions::Picture;
    /// let picture = Picture::from_bgr(vec![1, 2, 3], 1, 1)?;
    /// assert_eq!(picture.bytes(), [3, 2, 1]);
    /// assert_eq!(picture.into_bgr(), [1, 2, 3]);
    /// # Ok::<(), scribe_corruptions::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Buffer`] unless there are `3 * width * height` bytes.
    pub fn from_bgr(bgr: Vec<u8>, width: usize, height: usize) -> Result<Picture> {
        let mut picture = Picture::new(bgr, width, height)?;
        swap_red_and_blue(&mut picture.bytes);
        Ok(picture)
    }

    /// The bytes as blue, green, red.
    #[must_use]
    pub fn into_bgr(mut self) -> Vec<u8> {
        swap_red_and_blue(&mut self.bytes);
        self.bytes
    }

    /// A picture whose rows begin `pitch` bytes apart; what is between the end of one and the beginning of the next is
    /// skipped.
    ///
    /// ```
    /// use scribe_corruptions::Picture;
    /// let mut padded = [1, 2, 3, 0, 4, 5, 6, 0];
    /// let picture = Picture::from_rows(&padded, 4, 1, 2)?;
    /// assert_eq!(picture.bytes(), [1, 2, 3, 4, 5, 6]);
    /// picture.write_rows(&mut padded, 4)?;
    /// assert_eq!(padded, [1, 2, 3, 0, 4, 5, 6, 0]);
    /// # Ok::<(), scribe_corruptions::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Rows`] if a row does not fit into `pitch` bytes, or `bytes` ends before the last row does.
    pub fn from_rows(bytes: &[u8], pitch: usize, width: usize, height: usize) -> Result<Picture> {
        check_rows(bytes.len(), pitch, width, height)?;
        let rows = bytes.chunks(pitch.max(1)).take(height);
        let bytes = rows.flat_map(|row| &row[..3 * width]).copied().collect();
        Ok(Picture { bytes, width, height })
    }

    /// Writes the rows into `out`, `pitch` bytes apart, and leaves what is between them as it is.
    ///
    /// # Errors
    /// [`Error::Rows`] if a row does not fit into `pitch` bytes, or `out` ends before the last row does.
    pub fn write_rows(&self, out: &mut [u8], pitch: usize) -> Result<()> {
        check_rows(out.len(), pitch, self.width, self.height)?;
        let rows = self.bytes.chunks(3 * self.width.max(1));
        for (out, row) in out.chunks_mut(pitch.max(1)).zip(rows) {
            out[..row.len()].copy_from_slice(row);
        }
        Ok(())
    }
}

fn check_rows(len: usize, pitch: usize, width: usize, height: usize) -> Result<()> {
    let row = width.saturating_mul(3);
    let needed = if height == 0 { 0 } else { pitch.saturating_mul(height - 1).saturating_add(row) };
    if pitch < row || len < needed {
        return Err(Error::Rows { len, pitch, width, height });
    }
    Ok(())
}
