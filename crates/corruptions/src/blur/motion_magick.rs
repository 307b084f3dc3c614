//! The motion blur of the authors' own toolkit, which calls ImageMagick.

use super::motion::RADIUS_SIGMA;
use crate::kit::magick;
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};

/// ImageMagick 6's motion blur at a random angle (`motion_blur` of `imagenet_c`), for 224x224.
///
/// It is the blur of [`super::MotionBlur`] on 16-bit samples, rounded there. Draws: one double.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::MagickMotionBlur};
/// let mut grey = vec![90; 224 * 224 * 3];
/// MagickMotionBlur.apply_in_place(PictureMut::new(&mut grey, 224, 224)?, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert!(grey.iter().all(|&s| s == 90));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MagickMotionBlur;

static META: Meta = Meta {
    name: "motion_blur",
    implementation: "reference-magick/1",
    group: Group::Blur,
    about: "A one-sided Gaussian along a line at a random angle, by ImageMagick's arithmetic.",
    parameters: |severity| {
        let (radius, sigma) = severity.pick(&RADIUS_SIGMA);
        format!("radius={radius} sigma={sigma}")
    },
    size: SizePolicy::ONLY_224,
    tolerance: Tolerance::EXACT,
};

impl Corruption for MagickMotionBlur {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let (radius, sigma) = severity.pick(&RADIUS_SIGMA);
        let taps = magick::taps(radius, sigma, rng.uniform(-45.0, 45.0));
        magick::motion_blur(pixels, (width, height, 3), taps);
    }
}
