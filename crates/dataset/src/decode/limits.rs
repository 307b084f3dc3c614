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
    pub max_pixels: u64,
}

impl Limits {
    /// 2^27 = 134,217,728 pixels, for example 16,384 x 8,192.
    pub const DEFAULT_PIXELS: u64 = 1 << 27;

    /// These limits, raised where they are below `pixels`.
    #[must_use]
    pub fn at_least(self, pixels: u64) -> Limits {
        Limits { max_pixels: self.max_pixels.max(pixels) }
    }

    /// Fails when a file of this size is larger than allowed.
    pub(crate) fn check(self, path: &Path, (width, height): (u32, u32)) -> Result<()> {
        if u64::from(width) * u64::from(height) <= self.max_pixels {
            return Ok(());
        }
        Err(Error::TooManyPixels { path: path.to_owned(), width, height, limit: self.max_pixels })
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { max_pixels: Limits::DEFAULT_PIXELS }
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
