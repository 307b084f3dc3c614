//! An ordered list of images that can be loaded.

use crate::{ImageId, Result, Sample};
use image::{GrayImage, RgbImage};
use scribe_base::digest::sha256_hex;

/// SHA-256, in hexadecimal, of what one image of a split is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleHashes {
    /// Of the picture's file.
    pub picture: String,
    /// Of the file that holds its labels.
    pub label: String,
}

/// An ordered list of images, each loaded by its id.
///
/// Implementations are shared between the loader's threads, so loading must not depend on what was loaded
/// before.
pub trait Split: Send + Sync {
    /// The images in the split's own order, each id once.
    fn ids(&self) -> &[ImageId];

    /// Loads one image and its label map, of equal size; each label is the index of a class, or 255 for void.
    ///
    /// # Errors
    /// [`crate::Error::UnknownId`] when the id is not in the split; otherwise whatever is wrong with its files.
    fn load(&self, id: &ImageId) -> Result<Sample>;

    /// Loads only the picture. The default takes it from [`Split::load`], which needs the label map too.
    ///
    /// # Errors
    /// Those of [`Split::load`].
    fn load_picture(&self, id: &ImageId) -> Result<RgbImage> {
        Ok(self.load(id)?.image)
    }

    /// Loads only the label map. The default takes it from [`Split::load`].
    ///
    /// # Errors
    /// Those of [`Split::load`].
    fn load_label(&self, id: &ImageId) -> Result<GrayImage> {
        Ok(self.load(id)?.label)
    }

    /// The EXIF orientation that the picture's file states, 1 to 8; it is not applied
    /// ([`crate::exif_orientation`]). By default there is none.
    fn orientation(&self, _id: &ImageId) -> Option<u8> {
        None
    }

    /// Hashes the two files of one image without decoding them; by default, for splits without files, what
    /// [`Split::load`] gives: the pixels, row by row, 8 bits per channel.
    ///
    /// # Errors
    /// [`crate::Error::UnknownId`] when the id is not in the split, [`crate::Error::Read`] when a file cannot be read.
    fn hashes(&self, id: &ImageId) -> Result<SampleHashes> {
        let sample = self.load(id)?;
        Ok(SampleHashes {
            picture: sha256_hex(sample.image.as_raw()),
            label: sha256_hex(sample.label.as_raw()),
        })
    }
}
