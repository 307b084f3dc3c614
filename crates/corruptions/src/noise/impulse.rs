//! Impulse noise: salt and pepper.

use super::CHUNK;
use crate::kit::scratch;
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};
use scribe_base::simd_fn;

/// A sample is hit with probability `amount` and then becomes white or black with equal odds
/// (`impulse_noise` of ImageNet-C).
///
/// Channels are hit separately.
/// This follows scikit-image up to 0.18, against which `imagecorruptions` 1.1.2 was released; from 0.19 on
/// scikit-image draws from fresh entropy, so that no seed reproduces its picture.
///
/// Draws: 3HW doubles for the hits, then 3HW doubles for the colours.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::ImpulseNoise};
/// let mut grey = vec![128; 64 * 64 * 3];
/// ImpulseNoise.apply_in_place(PictureMut::new(&mut grey, 64, 64)?, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert!(grey.iter().all(|s| [0, 128, 255].contains(s)));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ImpulseNoise;

const AMOUNT: [f64; 5] = [0.03, 0.06, 0.09, 0.17, 0.27];

static META: Meta = Meta {
    name: "impulse_noise",
    implementation: "reference/1",
    group: Group::Noise,
    about: "Turns a share of the samples black or white.",
    parameters: |severity| format!("amount={}", severity.pick(&AMOUNT)),
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for ImpulseNoise {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let pixels = picture.into_bytes();
        let mut hits: scratch::Buffer<u8> = scratch::dirty(pixels.len());
        let mut draws = scratch::dirty(CHUNK);
        for hits in hits.chunks_mut(CHUNK) {
            let draws = &mut draws[..hits.len()];
            rng.fill_double(draws);
            mark(hits, draws, severity.pick(&AMOUNT));
        }
        for (samples, hits) in pixels.chunks_mut(CHUNK).zip(hits.chunks(CHUNK)) {
            let draws = &mut draws[..hits.len()];
            rng.fill_double(draws);
            replace(samples, hits, draws);
        }
    }
}

simd_fn! {
    fn mark(hits: &mut [u8], draws: &[f64], amount: f64) {
        for (hit, &u) in hits.iter_mut().zip(draws) {
            *hit = if u < amount { 255 } else { 0 };
        }
    }
}

simd_fn! {
    fn replace(samples: &mut [u8], hits: &[u8], draws: &[f64]) {
        for ((s, &hit), &u) in samples.iter_mut().zip(hits).zip(draws) {
            let colour = if u < 0.5 { 255 } else { 0 };
            *s = (*s & !hit) | (colour & hit);
        }
    }
}
