//! The moving camera of the authors' own toolkit, which calls ImageMagick.

use super::motion::RADIUS_SIGMA;
use crate::kit::magick;
use crate::{Corruption, Group, Result, Rng, Severity, SizePolicy};

/// ImageMagick 6's motion blur at a random angle (`motion_blur` of `imagenet_c`), for 224x224.
///
/// It is the blur of [`super::MotionBlur`] on 16-bit samples, rounded there. Draws: one double.
///
/// ```
/// use scribe_corruptions::{Corruption, Rng, Severity, corruptions::MagickMotionBlur};
/// let mut grey = vec![90; 224 * 224 * 3];
/// MagickMotionBlur.apply_in_place(&mut grey, 224, 224, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert!(grey.iter().all(|&s| s == 90));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MagickMotionBlur;

impl Corruption for MagickMotionBlur {
    fn name(&self) -> &'static str {
        "motion_blur"
    }

    fn implementation(&self) -> &'static str {
        "reference-magick/1"
    }

    fn group(&self) -> Group {
        Group::Blur
    }

    fn about(&self) -> &'static str {
        "A one-sided Gaussian along a line at a random angle, by ImageMagick's arithmetic."
    }

    fn parameters(&self, severity: Severity) -> String {
        let (radius, sigma) = severity.pick(&RADIUS_SIGMA);
        format!("radius={radius} sigma={sigma}")
    }

    fn size(&self) -> SizePolicy {
        SizePolicy::Exactly(224, 224)
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
        let (radius, sigma) = severity.pick(&RADIUS_SIGMA);
        let taps = magick::taps(radius, sigma, rng.uniform(-45.0, 45.0));
        magick::motion_blur(pixels, (width, height, 3), taps);
        Ok(())
    }
}
