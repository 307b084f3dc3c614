//! The digest that a manifest keeps of an image.

use scribe_base::digest::sha256_hex;
use scribe_dataset::image::RgbImage;

/// SHA-256 of an image's RGB bytes, in hexadecimal.
pub(crate) fn sha256(image: &RgbImage) -> String {
    sha256_hex(image.as_raw())
}
