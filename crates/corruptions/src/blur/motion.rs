//! Motion blur: the camera moves.

use crate::kit::motion::{self, Blur};
use crate::kit::pixels::clip_to_byte;
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};
use scribe_base::simd_fn;

/// A one-sided Gaussian along a line at a random angle of -45 to 45 degrees (`motion_blur` of `imagecorruptions`).
///
/// The line stops where it leaves the picture, and the weights are not normalised again: small pictures get
/// darker. Draws: one double.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::MotionBlur};
/// let mut picture = vec![0; 64 * 64 * 3];
/// picture[(32 * 64 + 32) * 3] = 255;
/// MotionBlur.apply_in_place(PictureMut::new(&mut picture, 64, 64)?, Severity::new(1)?, &mut Rng::seed(0))?;
/// assert!(picture[(32 * 64 + 32) * 3] < 80);
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MotionBlur;

pub(crate) const RADIUS_SIGMA: [(u32, f64); 5] = [(10, 3.0), (15, 5.0), (15, 8.0), (15, 12.0), (20, 15.0)];

static META: Meta = Meta {
    name: "motion_blur",
    implementation: "reference/1",
    group: Group::Blur,
    about: "A one-sided Gaussian along a line at a random angle.",
    parameters: |severity| {
        let (radius, sigma) = severity.pick(&RADIUS_SIGMA);
        format!("radius={radius} sigma={sigma}")
    },
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for MotionBlur {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let (radius, sigma) = severity.pick(&RADIUS_SIGMA);
        let angle = rng.uniform(-45.0, 45.0);
        let taps = motion::taps(radius, sigma, angle, width, height);
        // The blur reads its own padded copy, so the rows can be written back as they come.
        let mut blur = Blur::new(pixels, (width, height, 3), taps);
        for (y, row) in pixels.chunks_exact_mut(3 * width).enumerate() {
            store(blur.row(y), row);
        }
    }
}

simd_fn! {
    fn store(sums: &[f64], row: &mut [u8]) {
        for (s, &v) in row.iter_mut().zip(sums) {
            *s = clip_to_byte(v);
        }
    }
}
