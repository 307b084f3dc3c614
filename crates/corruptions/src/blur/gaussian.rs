//! Gaussian blur, one of ImageNet-C's four validation corruptions.

use super::gaussian_rgb;
use crate::{Corruption, Group, Result, Rng, Severity};

/// A Gaussian filter of growing sigma, in double precision (`gaussian_blur` of ImageNet-C). Draws nothing.
///
/// ```
/// use scribe_corruptions::{Corruption, Rng, Severity, corruptions::GaussianBlur};
/// let mut dot = vec![0; 32 * 32 * 3];
/// dot[(16 * 32 + 16) * 3] = 255;
/// GaussianBlur.apply_in_place(&mut dot, 32, 32, Severity::new(1)?, &mut Rng::seed(0))?;
/// assert_eq!(dot[(16 * 32 + 16) * 3], 40);
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct GaussianBlur;

const SIGMA: [f64; 5] = [1.0, 2.0, 3.0, 4.0, 6.0];

impl Corruption for GaussianBlur {
    fn name(&self) -> &'static str {
        "gaussian_blur"
    }

    fn implementation(&self) -> &'static str {
        "reference/1"
    }

    fn group(&self) -> Group {
        Group::Blur
    }

    fn about(&self) -> &'static str {
        "A Gaussian filter."
    }

    fn parameters(&self, severity: Severity) -> String {
        format!("sigma={}", severity.pick(&SIGMA))
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
        gaussian_rgb(pixels, width, height, severity.pick(&SIGMA));
        Ok(())
    }
}
