//! To and from the picture types of the crate `image`.

use super::{Picture, PictureMut};
use image::RgbImage;

impl From<RgbImage> for Picture {
    fn from(image: RgbImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let mut bytes = image.into_raw();
        // The buffer of an image may be longer than its pixels.
        bytes.truncate(3 * width * height);
        Picture { bytes, width, height }
    }
}

/// # Panics
/// If a side is longer than `u32::MAX` pixels.
impl From<Picture> for RgbImage {
    fn from(picture: Picture) -> Self {
        let side = |pixels: usize| u32::try_from(pixels).expect("a side of at most u32::MAX pixels");
        RgbImage::from_raw(side(picture.width), side(picture.height), picture.bytes)
            .expect("a picture has the bytes that its size needs")
    }
}

impl<'a> From<&'a mut RgbImage> for PictureMut<'a> {
    fn from(image: &'a mut RgbImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let bytes: &mut [u8] = image;
        PictureMut { bytes: &mut bytes[..3 * width * height], width, height }
    }
}
