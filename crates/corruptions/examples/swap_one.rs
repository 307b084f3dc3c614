//! Replaces one corruption of a suite by another implementation of the same name.
//!
//! `cargo run --release -p scribe-corruptions --example swap_one`
#![allow(clippy::print_stdout)]

use image::RgbImage;
use scribe_corruptions::{Corruption, Group, Result, Rng, Severity, Suite};

/// Contrast lowered around middle grey instead of around each channel's mean.
struct MiddleGreyContrast;

const FACTOR: [f32; 5] = [0.4, 0.3, 0.2, 0.1, 0.05];

impl Corruption for MiddleGreyContrast {
    // The same name, so that it takes the other's place.
    fn name(&self) -> &'static str {
        "contrast"
    }

    // Another implementation, so that nobody takes its results for the other's.
    fn implementation(&self) -> &'static str {
        "middle-grey/1"
    }

    fn group(&self) -> Group {
        Group::Lighting
    }

    fn about(&self) -> &'static str {
        "Shrinks every sample towards middle grey."
    }

    fn parameters(&self, severity: Severity) -> String {
        format!("factor={}", severity.pick(&FACTOR))
    }

    fn apply_in_place(
        &self,
        pixels: &mut [u8],
        width: usize,
        height: usize,
        severity: Severity,
        _rng: &mut Rng,
    ) -> Result<()> {
        self.check(pixels, width, height)?;
        for sample in pixels {
            *sample = (128.0 + (f32::from(*sample) - 128.0) * severity.pick(&FACTOR)) as u8;
        }
        Ok(())
    }
}

fn main() -> Result<()> {
    let picture = RgbImage::from_fn(64, 64, |x, y| image::Rgb([(4 * x) as u8, (4 * y) as u8, 30]));
    let severity = Severity::new(3)?;
    let plain = Suite::imagecorruptions();
    let swapped = Suite::imagecorruptions().replace(Box::new(MiddleGreyContrast))?;
    for suite in [&plain, &swapped] {
        let contrast = suite.get("contrast")?;
        let done = contrast.apply(&picture, severity, &mut Rng::seed(0))?;
        println!("{:14} {:?}", contrast.implementation(), done.get_pixel(10, 50).0);
    }
    Ok(())
}
