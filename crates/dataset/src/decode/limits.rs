//! How large a picture or a label map may be.

use crate::{Error, Result};
use std::path::Path;

/// How large a file may be; functions without this argument use the default.
///
/// A file of a few bytes may claim billions of pixels, so its size is compared with these limits before memory is
/// allocated. One limit holds for JPEG and PNG pictures, for label maps and for SBD's label files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most pixels (width times height) of a picture or a label map.
    max_pixels: u64,
    /// The most pixels of a file of less than [`SMALL_FILE`] bytes.
    of_small_file: u64,
    /// The most pixels of a row of such a file.
    row_of_small_file: u32,
}

/// Bytes below which a file is small.
const SMALL_FILE: usize = 1 << 20;

impl Limits {
    /// 2^27 = 134,217,728 pixels, for example 16,384 x 8,192.
    pub const DEFAULT_PIXELS: u64 = 1 << 27;
    /// The most pixels of a file of less than 1 MiB by default: 2^24 = 16,777,216, for example 4,096 x 4,096. Decoding as
    /// many takes at most 256 MiB; a whole picture of one colour needs a thousandth of its pixels in bytes.
    pub const DEFAULT_PIXELS_OF_SMALL_FILE: u64 = 1 << 24;

    /// The most pixels of a row of a PNG file of less than 1 MiB by default. Its decoder holds several rows at once, so a
    /// picture of one row would take four times the memory of a square one. JPEG files have at most as many.
    pub const DEFAULT_ROW_OF_SMALL_FILE: u32 = 1 << 16;

    /// At most `max_pixels` pixels, however small the file and long its rows.
    #[must_use]
    pub fn of(max_pixels: u64) -> Limits {
        Limits { max_pixels, of_small_file: max_pixels, row_of_small_file: u32::MAX }
    }

    /// The limits of a setting that may be absent: [`Limits::of`] it, or the default.
    #[must_use]
    pub fn of_setting(max_pixels: Option<u64>) -> Limits {
        max_pixels.map_or_else(Limits::default, Limits::of)
    }

    /// These limits, raised where they are below those of a file of this width and height.
    #[must_use]
    pub fn at_least(self, (width, height): (u32, u32)) -> Limits {
        let raised = |limit: u64| limit.max(u64::from(width) * u64::from(height));
        Limits {
            max_pixels: raised(self.max_pixels),
            of_small_file: raised(self.of_small_file),
            row_of_small_file: self.row_of_small_file.max(width),
        }
    }

    /// The most pixels of a file of so many bytes.
    pub(crate) fn pixels(self, file_bytes: usize) -> u64 {
        if file_bytes < SMALL_FILE { self.of_small_file.min(self.max_pixels) } else { self.max_pixels }
    }

    /// Fails when a file of this size and so many bytes is larger than allowed, or its rows are.
    pub(crate) fn check(self, path: &Path, (width, height): (u32, u32), file_bytes: usize) -> Result<()> {
        let (limit, pixels) = (self.pixels(file_bytes), u64::from(width) * u64::from(height));
        if pixels > limit {
            return Err(Error::TooManyPixels { path: path.to_owned(), width, height, limit });
        }
        if file_bytes < SMALL_FILE && width > self.row_of_small_file {
            let reason = format!(
                "its rows have {width} pixels (expected at most {} in a file of less than 1 MiB; where the file is sound, \
                 lift this limit: --set data.max_pixels={pixels} for a recipe, --max-pixels {pixels} for a command without \
                 one)",
                self.row_of_small_file
            );
            return Err(Error::decode(path, "PNG", reason));
        }
        Ok(())
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_pixels: Limits::DEFAULT_PIXELS,
            of_small_file: Limits::DEFAULT_PIXELS_OF_SMALL_FILE,
            row_of_small_file: Limits::DEFAULT_ROW_OF_SMALL_FILE,
        }
    }
}

/// `length` zeros. Returns an error if memory is short, instead of aborting.
pub(crate) fn zeroed<T: Clone + Default>(length: usize) -> Result<Vec<T>, String> {
    let mut buffer = Vec::new();
    buffer
        .try_reserve_exact(length)
        .map_err(|_| format!("there is no memory for its {length} values (of {} bytes)", size_of::<T>()))?;
    buffer.resize(length, T::default());
    Ok(buffer)
}
