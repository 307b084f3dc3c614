//! Shot noise: a Poisson count for every sample.

use crate::kit::pixels::{UNIT, unit_to_byte};
use crate::rng::{Stream, count_to};
use crate::{Corruption, Group, Meta, PictureMut, Poisson, Rng, Severity, SizePolicy, Tolerance};

/// `clip(k / c)` with a Poisson count `k` of mean `c x` for every sample (`shot_noise` of ImageNet-C).
///
/// Draws: 3HW Poisson counts, in row-major order, channel fastest; a black sample draws nothing.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::ShotNoise};
/// let mut picture = vec![0; 32 * 32 * 3];
/// picture[0] = 255;
/// ShotNoise.apply_in_place(PictureMut::new(&mut picture, 32, 32)?, Severity::new(5)?, &mut Rng::seed(2))?;
/// assert_eq!(picture[0] % 85, 0, "severity 5 counts three photons in white");
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ShotNoise;

const PHOTONS: [f64; 5] = [60.0, 25.0, 12.0, 5.0, 3.0];

static META: Meta = Meta {
    name: "shot_noise",
    implementation: "reference/1",
    group: Group::Noise,
    about: "Replaces every sample by a Poisson count of photons; c photons are white.",
    parameters: |severity| format!("c={}", severity.pick(&PHOTONS)),
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for ShotNoise {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let pixels = picture.into_bytes();
        let photons = severity.pick(&PHOTONS);
        let counts: Vec<Poisson> = UNIT.iter().map(|x| Poisson::new(x * photons)).collect();
        // Counts beyond this table are white: the table reaches past `photons`, where k / c is above 1.
        let mut bytes = [255; 64];
        for (k, byte) in bytes.iter_mut().enumerate() {
            *byte = unit_to_byte(k as f64 / photons);
        }
        let limits: [f64; 256] = std::array::from_fn(|i| counts[i].limit());
        let mut stream = Stream::new(rng);
        for sample in pixels {
            let limit = limits[usize::from(*sample)];
            let k = if limit > 0.0 {
                count_to(limit, &mut stream)
            } else {
                counts[usize::from(*sample)].sample_from(&mut stream)
            };
            *sample = bytes.get(k as usize).copied().unwrap_or(255);
        }
    }
}
