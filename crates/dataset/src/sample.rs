//! One picture with its label map.

use crate::ImageId;
use image::{GrayImage, RgbImage};

/// One picture with its label map, both of the same size.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The image's name.
    pub id: ImageId,
    /// The picture, 8 bits per channel, RGB.
    pub image: RgbImage,
    /// The index of each pixel's class ([`crate::Classes`]); 255 is void.
    pub label: GrayImage,
}
