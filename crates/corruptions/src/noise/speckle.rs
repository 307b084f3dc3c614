//! Multiplicative normal noise, one of ImageNet-C's four validation corruptions.

use super::CHUNK;
use crate::kit::{pixels, scratch};
use crate::{Corruption, Group, Result, Rng, Severity};

/// `clip(x + x * (scale * g))` with a standard normal `g` for every sample (`speckle_noise` of ImageNet-C).
///
/// Draws: 3HW normal numbers, in row-major order, channel fastest.
///
/// ```
/// use scribe_corruptions::{Corruption, Rng, Severity, corruptions::SpeckleNoise};
/// let mut black = vec![0; 32 * 32 * 3];
/// SpeckleNoise.apply_in_place(&mut black, 32, 32, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert!(black.iter().all(|&s| s == 0), "black has nothing to multiply");
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SpeckleNoise;

const SCALE: [f64; 5] = [0.15, 0.2, 0.35, 0.45, 0.6];

impl Corruption for SpeckleNoise {
    fn name(&self) -> &'static str {
        "speckle_noise"
    }

    fn implementation(&self) -> &'static str {
        "reference/1"
    }

    fn group(&self) -> Group {
        Group::Noise
    }

    fn about(&self) -> &'static str {
        "Adds normal noise in proportion to the sample."
    }

    fn parameters(&self, severity: Severity) -> String {
        format!("scale={}", severity.pick(&SCALE))
    }

    fn apply_in_place(
        &self,
        pixels: &mut [u8],
        width: usize,
        height: usize,
        severity: Severity,
        rng: &mut Rng,
    ) -> Result<()> {
        self.check(pixels, width, height)?;
        let mut normal = scratch::dirty(CHUNK);
        for part in pixels.chunks_mut(CHUNK) {
            let normal = &mut normal[..part.len()];
            rng.fill_gauss(normal);
            multiply(part, normal, severity.pick(&SCALE));
        }
        Ok(())
    }
}

simd_fn! {
    fn multiply(samples: &mut [u8], normal: &[f64], scale: f64) {
        for (s, &g) in samples.iter_mut().zip(normal) {
            let x = f64::from(*s) / 255.0;
            *s = pixels::unit_to_byte(x + x * (scale * g));
        }
    }
}
