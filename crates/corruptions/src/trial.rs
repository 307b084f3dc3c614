//! An implementation tried against another one, under the tolerance that it declares.

use image::RgbImage;

use crate::{Corruption, Deviation, Error, Result, Rng, Severity, SizePolicy};

/// What one picture under one severity and seed showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Width of the picture, in pixels.
    pub width: u32,
    /// Height of the picture, in pixels.
    pub height: u32,
    /// The severity.
    pub severity: Severity,
    /// The generator's seed.
    pub seed: u32,
    /// How far the two results are apart.
    pub deviation: Deviation,
}

/// Tries `candidate` against `reference` on [`formula_picture`]s of five sizes (or of the one that it takes), at all
/// severities, from two seeds; and refuses it if it is farther off than its own
/// [`tolerance`](Corruption::tolerance) says.
///
/// The crate's own implementations equal the Python packages byte for byte (see the truth tests), so a member of a
/// [`crate::Suite`] is what a candidate is measured by:
///
/// ```
/// use scribe_corruptions::{Suite, corruptions::Contrast, trial};
/// let suite = Suite::imagecorruptions();
/// let trials = trial(&Contrast, suite.get("contrast")?)?;
/// assert!(trials.iter().all(|t| t.deviation.differing == 0));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
///
/// # Errors
/// [`Error::Tolerance`] with the first trial that is too far off, and whatever either implementation reports.
pub fn trial(candidate: &dyn Corruption, reference: &dyn Corruption) -> Result<Vec<Trial>> {
    const SIZES: [(u32, u32); 5] = [(500, 375), (375, 500), (224, 224), (101, 203), (64, 64)];
    const SEEDS: [u32; 2] = [0, u32::MAX];
    let mut trials = Vec::new();
    let takes = |policy: SizePolicy, (w, h): (u32, u32)| policy.accepts(w as usize, h as usize);
    for size in SIZES.into_iter().filter(|&s| takes(candidate.size(), s) && takes(reference.size(), s)) {
        let picture = formula_picture(size.0, size.1);
        for severity in Severity::ALL {
            for seed in SEEDS {
                let ours = candidate.apply(&picture, severity, &mut Rng::seed(seed))?;
                let theirs = reference.apply(&picture, severity, &mut Rng::seed(seed))?;
                let deviation = Deviation::between(&ours, &theirs);
                let trial = Trial { width: size.0, height: size.1, severity, seed, deviation };
                if !deviation.within(candidate.tolerance()) {
                    let (corruption, implementation) = (candidate.name(), candidate.implementation());
                    let tolerance = candidate.tolerance();
                    return Err(Error::Tolerance { corruption, implementation, trial, tolerance });
                }
                trials.push(trial);
            }
        }
    }
    Ok(trials)
}

/// A picture anyone can rebuild, of which the truth tests hold hashes: smooth waves in whole numbers, flat blocks, and
/// fine texture.
///
/// In integers, for channel `c` in 0..3, every division rounded down:
/// `smooth = (x x (c+2) / 97 + y y (3-c) / 61 + x y / 53) mod 256`,
/// `block = ((x/32) 37 + (y/24) 91 + c 53) mod 256`, `texture = (31 x ^ 17 y ^ 101 c) mod 64`,
/// and the sample is `min((5 smooth + 2 block + 4 texture) / 11, 255)`.
///
/// ```
/// let picture = scribe_corruptions::formula_picture(64, 48);
/// assert_eq!(picture.get_pixel(0, 0).0, [0, 23, 22]);
/// ```
#[must_use]
pub fn formula_picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([0, 1, 2].map(|c| {
            let smooth = (x * x * (c + 2) / 97 + y * y * (3 - c) / 61 + x * y / 53) % 256;
            let block = ((x / 32) * 37 + (y / 24) * 91 + c * 53) % 256;
            let texture = ((x * 31) ^ (y * 17) ^ (c * 101)) % 64;
            ((smooth * 5 + block * 2 + texture * 4) / 11).min(255) as u8
        }))
    })
}
