//! Gaussian blur, one of ImageNet-C's four validation corruptions.

use super::gaussian_rgb;
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};

/// A Gaussian filter of growing sigma, in double precision (`gaussian_blur` of ImageNet-C). Draws nothing.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::GaussianBlur};
/// let mut dot = vec![0; 32 * 32 * 3];
/// dot[(16 * 32 + 16) * 3] = 255;
/// GaussianBlur.apply_in_place(PictureMut::new(&mut dot, 32, 32)?, Severity::new(1)?, &mut Rng::seed(0))?;
/// assert_eq!(dot[(16 * 32 + 16) * 3], 40);
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct GaussianBlur;

const SIGMA: [f64; 5] = [1.0, 2.0, 3.0, 4.0, 6.0];

static META: Meta = Meta {
    name: "gaussian_blur",
    implementation: "reference/1",
    group: Group::Blur,
    about: "A Gaussian filter.",
    parameters: |severity| format!("sigma={}", severity.pick(&SIGMA)),
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for GaussianBlur {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, _rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        gaussian_rgb(pixels, width, height, severity.pick(&SIGMA));
    }
}
