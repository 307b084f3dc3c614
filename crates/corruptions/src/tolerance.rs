//! How far an implementation may be from the reference, and how far it is.

/// The distance that an implementation declares from the reference's bytes; see [`crate::Corruption::tolerance`].
///
/// ```
/// use scribe_corruptions::{Corruption, Tolerance, corruptions::Fog};
/// assert_eq!(Fog.tolerance(), Tolerance::EXACT);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// The largest difference of a sample, in levels of 0 to 255.
    pub largest: u8,
    /// The largest share of samples that differ at all, from 0 to 1, in any one picture.
    pub share: f64,
}

impl Tolerance {
    /// Every byte is the reference's.
    pub const EXACT: Tolerance = Tolerance { largest: 0, share: 0.0 };
}

impl std::fmt::Display for Tolerance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at most {} levels on {} % of samples", self.largest, 100.0 * self.share)
    }
}

/// How far two pictures of one size are apart.
///
/// ```
/// use scribe_corruptions::{Deviation, Tolerance};
/// let apart = Deviation::between(&[10, 20, 30, 40], &[10, 21, 30, 38]);
/// assert_eq!((apart.samples, apart.differing, apart.largest), (4, 2, 2));
/// assert!(apart.within(Tolerance { largest: 2, share: 0.5 }));
/// assert!(!apart.within(Tolerance { largest: 1, share: 0.5 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// Samples compared.
    pub samples: u64,
    /// Samples that differ.
    pub differing: u64,
    /// The largest difference, in levels.
    pub largest: u8,
}

impl Deviation {
    /// Compares two pictures sample by sample.
    ///
    /// # Panics
    /// If the two are not of one length.
    #[must_use]
    pub fn between(a: &[u8], b: &[u8]) -> Deviation {
        assert_eq!(a.len(), b.len(), "two pictures of one size");
        let differences = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b));
        let differing = differences.clone().filter(|&d| d > 0).count() as u64;
        Deviation { samples: a.len() as u64, differing, largest: differences.max().unwrap_or(0) }
    }

    /// The share of samples that differ, from 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.samples == 0 { 0.0 } else { self.differing as f64 / self.samples as f64 }
    }

    /// Whether this is no more than `tolerance` allows.
    #[must_use]
    pub fn within(&self, tolerance: Tolerance) -> bool {
        self.largest <= tolerance.largest && self.share() <= tolerance.share
    }
}
