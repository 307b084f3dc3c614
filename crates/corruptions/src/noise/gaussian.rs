//! Gaussian noise: additive and normal.

use super::CHUNK;
use crate::kit::{pixels, scratch};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};
use scribe_base::simd_fn;

/// `clip(x + scale * g)` with a standard normal `g` for every sample (`gaussian_noise` of ImageNet-C).
///
/// Draws: 3HW normal numbers, in row-major order, channel fastest.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::GaussianNoise};
/// let mut grey = vec![128; 32 * 32 * 3];
/// GaussianNoise.apply_in_place(PictureMut::new(&mut grey, 32, 32)?, Severity::new(1)?, &mut Rng::seed(0))?;
/// assert_eq!(grey[..3], [163, 136, 147]);
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct GaussianNoise;

const SCALE: [f64; 5] = [0.08, 0.12, 0.18, 0.26, 0.38];

static META: Meta = Meta {
    name: "gaussian_noise",
    implementation: "reference/1",
    group: Group::Noise,
    about: "Adds normal noise to every sample.",
    parameters: |severity| format!("scale={}", severity.pick(&SCALE)),
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for GaussianNoise {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let pixels = picture.into_bytes();
        let mut normal = scratch::dirty(CHUNK);
        for part in pixels.chunks_mut(CHUNK) {
            let normal = &mut normal[..part.len()];
            rng.fill_gauss(normal);
            add(part, normal, severity.pick(&SCALE));
        }
    }
}

simd_fn! {
    fn add(samples: &mut [u8], normal: &[f64], scale: f64) {
        for (s, &g) in samples.iter_mut().zip(normal) {
            *s = pixels::unit_to_byte(f64::from(*s) / 255.0 + scale * g);
        }
    }
}
