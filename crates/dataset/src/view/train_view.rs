//! Random scale, crop, flip and colour of a training image.

use super::Jitter;
use super::test_view::short_side;
use crate::resize::{Window, resize_bilinear_window, resize_nearest_window};
use crate::{Error, Result, Sample, VOID};
use image::{GrayImage, RgbImage, imageops};
use rand::Rng;

/// How large an image becomes before the crop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// The shorter side becomes a uniformly drawn whole number of pixels, both ends included; the aspect ratio stays
    /// (the authors draw from 112 to 448).
    ShortSide {
        /// The smallest length in pixels.
        min: u32,
        /// The largest length in pixels.
        max: u32,
    },
    /// Both sides are multiplied by a uniformly drawn factor.
    Relative {
        /// The smallest factor.
        min: f64,
        /// The largest factor.
        max: f64,
    },
}

/// How a training image is augmented, in this order: scale, flip, pad, crop, colour.
///
/// Pictures are resized as Pillow's `BILINEAR`, labels as its `NEAREST`. An image smaller than the crop is
/// padded at its right and bottom, the picture with 0, the label map with 255. The colour jitter comes last
/// and so acts on the padding too, as in the authors' notebook.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainView {
    /// The size before the crop.
    pub scale: Scale,
    /// The crop's side in pixels.
    pub crop: u32,
    /// Random changes of colour, or none.
    pub jitter: Option<Jitter>,
    /// Whether half of the images are mirrored left to right (the authors' are not).
    pub flip: bool,
}

impl TrainView {
    /// Checks that every range is valid.
    ///
    /// # Errors
    /// [`Error::Setting`] when a size is 0, a range is empty or not finite, or the jitter is out of range.
    pub fn check(&self) -> Result<()> {
        let refuse = |name, value, expected| Err(Error::Setting { name, value, expected });
        match self.scale {
            Scale::ShortSide { min, max } if min == 0 || min > max || max > 8192 => {
                refuse("the range of the short side", format!("{min} to {max}"), "1 <= min <= max <= 8192")
            }
            Scale::Relative { min, max } if !(min > 0.0 && min <= max && max <= 16.0) => {
                refuse("the range of the scale", format!("{min} to {max}"), "0 < min <= max <= 16")
            }
            _ if !(1..=8192).contains(&self.crop) => {
                refuse("the crop", self.crop.to_string(), "1 to 8192 pixels")
            }
            _ => self.jitter.map_or(Ok(()), |jitter| jitter.check()),
        }
    }

    /// Makes a training image of `crop` by `crop` pixels from a sample.
    ///
    /// # Panics
    /// When [`TrainView::check`] would have refused this view.
    pub fn apply(&self, sample: Sample, rng: &mut impl Rng) -> Sample {
        let size = self.scale.draw(sample.image.dimensions(), rng);
        let flipped = self.flip && rng.random_bool(0.5);
        let x = rng.random_range(0..=size.0.saturating_sub(self.crop));
        let y = rng.random_range(0..=size.1.saturating_sub(self.crop));
        let (width, height) = (self.crop.min(size.0), self.crop.min(size.1));
        // Only what the crop keeps is resized; in a mirrored image that is the window's mirror image.
        let left = if flipped { size.0 - width - x } else { x };
        let window = Window { x: left, y, width, height };
        let mut image = resize_bilinear_window(&sample.image, size, window);
        let mut label = resize_nearest_window(&sample.label, size, window);
        if flipped {
            imageops::flip_horizontal_in_place(&mut image);
            imageops::flip_horizontal_in_place(&mut label);
        }
        let (mut image, label) = self.pad(image, label);
        if let Some(jitter) = self.jitter {
            jitter.apply(&mut image, rng);
        }
        Sample { id: sample.id, image, label }
    }

    /// Fills up to the crop's size at the right and the bottom.
    fn pad(&self, image: RgbImage, label: GrayImage) -> (RgbImage, GrayImage) {
        if image.dimensions() == (self.crop, self.crop) {
            return (image, label);
        }
        let mut padded = RgbImage::new(self.crop, self.crop);
        let mut padded_label = GrayImage::from_pixel(self.crop, self.crop, image::Luma([VOID]));
        imageops::replace(&mut padded, &image, 0, 0);
        imageops::replace(&mut padded_label, &label, 0, 0);
        (padded, padded_label)
    }
}

impl Scale {
    /// Draws the size that an image of the given width and height gets.
    fn draw(&self, (width, height): (u32, u32), rng: &mut impl Rng) -> (u32, u32) {
        match *self {
            Scale::ShortSide { min, max } => short_side(width, height, rng.random_range(min..=max)),
            Scale::Relative { min, max } => {
                let factor = rng.random_range(min..=max);
                let side = |length: u32| ((f64::from(length) * factor) as u32).max(1);
                (side(width), side(height))
            }
        }
    }
}
