//! Random brightness, contrast, saturation and hue.

use super::hsv;
use crate::{Error, Result};
use image::RgbImage;
use rand::Rng;
use rand::seq::SliceRandom;

/// Random changes of colour, as torchvision's `ColorJitter` does on Pillow images.
///
/// With the same factors and order the bytes are torchvision's. The generator differs: here all
/// four factors are drawn first (brightness, contrast, saturation, hue), then the order, while torchvision
/// draws the order first and from torch's generator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jitter {
    /// The brightness factor is drawn from `max(0, 1 - b)` to `1 + b`.
    pub brightness: f32,
    /// The contrast factor is drawn from `max(0, 1 - c)` to `1 + c`.
    pub contrast: f32,
    /// The saturation factor is drawn from `max(0, 1 - s)` to `1 + s`.
    pub saturation: f32,
    /// The hue shift, in turns, is drawn from `-h` to `h`; at most 0.5.
    pub hue: f32,
}

impl Jitter {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`Error::Setting`] when a value is negative or not finite, or the hue is above 0.5.
    pub fn check(&self) -> Result<()> {
        let values = [self.brightness, self.contrast, self.saturation];
        match values.into_iter().find(|v| !(0.0..=16.0).contains(v)) {
            Some(bad) => Err(Error::Setting {
                name: "the jitter's brightness, contrast or saturation",
                value: bad.to_string(),
                expected: "0 to 16",
            }),
            None if !(0.0..=0.5).contains(&self.hue) => Err(Error::Setting {
                name: "the jitter's hue",
                value: self.hue.to_string(),
                expected: "0 to 0.5",
            }),
            None => Ok(()),
        }
    }

    /// Changes the picture's colours; the draws do not depend on the picture.
    pub fn apply(&self, image: &mut RgbImage, rng: &mut impl Rng) {
        let mut factor = |width: f32| rng.random_range((1.0 - width).max(0.0)..=1.0 + width);
        let mut steps = [
            Step::Brightness(factor(self.brightness)),
            Step::Contrast(factor(self.contrast)),
            Step::Saturation(factor(self.saturation)),
            Step::Hue(rng.random_range(-self.hue..=self.hue)),
        ];
        steps.shuffle(rng);
        for step in steps {
            step.apply(image);
        }
    }
}

/// One change of colour with its factor.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Brightness(f32),
    Contrast(f32),
    Saturation(f32),
    Hue(f32),
}

impl Step {
    fn apply(self, image: &mut RgbImage) {
        match self {
            Step::Brightness(factor) => each_pixel(image, |pixel| pixel.map(|v| blend(0, v, factor))),
            Step::Contrast(factor) => {
                let mean = mean_luma(image);
                each_pixel(image, |pixel| pixel.map(|v| blend(mean, v, factor)));
            }
            Step::Saturation(factor) => each_pixel(image, |pixel| {
                let grey = luma(pixel);
                pixel.map(|v| blend(grey, v, factor))
            }),
            Step::Hue(turns) => {
                // 255 steps to the turn, truncated, wrapping: torchvision's `adjust_hue`.
                let shift = (f64::from(turns) * 255.0) as i32 as u8;
                each_pixel(image, |pixel| {
                    let [hue, saturation, value] = hsv::from_rgb(pixel);
                    hsv::to_rgb([hue.wrapping_add(shift), saturation, value])
                });
            }
        }
    }
}

fn each_pixel(image: &mut RgbImage, change: impl Fn([u8; 3]) -> [u8; 3]) {
    for pixel in image.pixels_mut() {
        pixel.0 = change(pixel.0);
    }
}

/// Pillow's `Image.blend`: `from` at factor 0, `to` at factor 1, clipped beyond.
fn blend(from: u8, to: u8, factor: f32) -> u8 {
    let mixed = f32::from(from) + factor * (f32::from(to) - f32::from(from));
    // The cast truncates and clips, as Pillow does.
    mixed as u8
}

/// Pillow's `convert("L")` of one pixel.
fn luma([r, g, b]: [u8; 3]) -> u8 {
    ((u32::from(r) * 19595 + u32::from(g) * 38470 + u32::from(b) * 7471 + 0x8000) >> 16) as u8
}

/// The mean of Pillow's `convert("L")`, rounded.
fn mean_luma(image: &RgbImage) -> u8 {
    let sum: u64 = image.pixels().map(|pixel| u64::from(luma(pixel.0))).sum();
    let count = u64::from(image.width()) * u64::from(image.height());
    (sum as f64 / count as f64 + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{picture, rows, sha};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn equals_torchvision_on_pillow_images() {
        type MakeStep = fn(f32) -> Step;
        let kinds = ["brightness", "contrast", "saturation", "hue"];
        let steps: [MakeStep; 4] = [Step::Brightness, Step::Contrast, Step::Saturation, Step::Hue];
        for (what, step) in kinds.into_iter().zip(steps) {
            for (argument, digest) in rows(what) {
                let mut image = picture(120, 80);
                step(argument.parse().unwrap()).apply(&mut image);
                assert_eq!(sha(image.as_raw()), digest, "{what} {argument}");
            }
        }
    }

    #[test]
    fn zero_ranges_change_nothing_but_the_hues_rounding() {
        let still = Jitter { brightness: 0.0, contrast: 0.0, saturation: 0.0, hue: 0.0 };
        let mut image = picture(60, 40);
        still.apply(&mut image, &mut ChaCha8Rng::seed_from_u64(1));
        let mut through_hsv = picture(60, 40);
        Step::Hue(0.0).apply(&mut through_hsv);
        assert_eq!(image, through_hsv);
    }

    #[test]
    fn the_order_varies() {
        let jitter = Jitter { brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1 };
        let run = |seed| {
            let mut image = picture(60, 40);
            jitter.apply(&mut image, &mut ChaCha8Rng::seed_from_u64(seed));
            image
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }

    #[test]
    fn refuses_ranges_by_value() {
        let good = Jitter { brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1 };
        good.check().unwrap();
        for (bad, value) in [
            (Jitter { hue: 0.6, ..good }, "0.6"),
            (Jitter { contrast: -0.1, ..good }, "-0.1"),
            (Jitter { brightness: f32::NAN, ..good }, "NaN"),
        ] {
            let error = bad.check().unwrap_err().to_string();
            assert!(error.contains(value), "{error}");
        }
    }
}
