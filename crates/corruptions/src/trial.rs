//! An implementation compared with another one, under the tolerance that it declares.

use crate::{Corruption, Deviation, Error, Picture, Result, Rng, Severity};

/// What one picture under one severity and seed showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Width of the picture, in pixels.
    pub width: usize,
    /// Height of the picture, in pixels.
    pub height: usize,
    /// The severity.
    pub severity: Severity,
    /// The generator's seed.
    pub seed: u32,
    /// How far the two results are apart.
    pub deviation: Deviation,
}

/// Tries `candidate` against `reference` on [`formula_picture`]s of five sizes (or of the one that it takes), at all
/// severities, from two seeds; and refuses it if it is farther off than its own
/// [`tolerance`](Corruption::tolerance) allows.
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
    const SIZES: [(usize, usize); 5] = [(500, 375), (375, 500), (224, 224), (101, 203), (64, 64)];
    const SEEDS: [u32; 2] = [0, u32::MAX];
    let mut trials = Vec::new();
    let both = |w, h| candidate.size().accepts(w, h) && reference.size().accepts(w, h);
    for (width, height) in SIZES.into_iter().filter(|&(w, h)| both(w, h)) {
        let picture = formula_picture(width, height);
        for severity in Severity::ALL {
            for seed in SEEDS {
                let corrupted = |corruption: &dyn Corruption| -> Result<Picture> {
                    let mut copy = picture.clone();
                    corruption.apply_in_place((&mut copy).into(), severity, &mut Rng::seed(seed))?;
                    Ok(copy)
                };
                let (tried, wanted) = (corrupted(candidate)?, corrupted(reference)?);
                let deviation = Deviation::between(tried.bytes(), wanted.bytes());
                let trial = Trial { width, height, severity, seed, deviation };
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
/// assert_eq!(picture.pixel(0, 0), [0, 23, 22]);
/// ```
#[must_use]
pub fn formula_picture(width: usize, height: usize) -> Picture {
    Picture::from_fn(width, height, |x, y| {
        [0, 1, 2].map(|c| {
            let smooth = (x * x * (c + 2) / 97 + y * y * (3 - c) / 61 + x * y / 53) % 256;
            let block = ((x / 32) * 37 + (y / 24) * 91 + c * 53) % 256;
            let texture = ((x * 31) ^ (y * 17) ^ (c * 101)) % 64;
            ((smooth * 5 + block * 2 + texture * 4) / 11).min(255) as u8
        })
    })
}
