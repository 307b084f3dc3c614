//! Speckle noise: multiplicative and normal, one of ImageNet-C's four validation corruptions.

use super::CHUNK;
use crate::kit::{pixels, scratch};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};
use scribe_base::simd_fn;

/// `clip(x + x * (scale * g))` with a standard normal `g` for every sample (`speckle_noise` of ImageNet-C).
///
/// Draws: 3HW normal numbers, in row-major order, channel fastest.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::SpeckleNoise};
/// let mut black = vec![0; 32 * 32 * 3];
/// SpeckleNoise.apply_in_place(PictureMut::new(&mut black, 32, 32)?, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert!(black.iter().all(|&s| s == 0), "black has nothing to multiply");
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SpeckleNoise;

const SCALE: [f64; 5] = [0.15, 0.2, 0.35, 0.45, 0.6];

static META: Meta = Meta {
    name: "speckle_noise",
    implementation: "reference/1",
    group: Group::Noise,
    about: "Adds normal noise in proportion to the sample.",
    parameters: |severity| format!("scale={}", severity.pick(&SCALE)),
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for SpeckleNoise {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let pixels = picture.into_bytes();
        let mut normal = scratch::dirty(CHUNK);
        for part in pixels.chunks_mut(CHUNK) {
            let normal = &mut normal[..part.len()];
            rng.fill_gauss(normal);
            multiply(part, normal, severity.pick(&SCALE));
        }
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
