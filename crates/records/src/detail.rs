//! How finely moments of logits are kept apart by predicted class.

/// The most logits of which sums and products are kept for each predicted class.
///
/// Products by class are K^2 (K + 1) / 2 numbers for K logits: 39 kB at 21 classes, 14 MB at 150.
pub const MOST_BY_CLASS: usize = 32;

/// How finely moments are kept apart, from the finest to the coarsest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MomentDetail {
    /// Sums and products of the pixels of each predicted class.
    ByClass,
    /// Sums of the pixels of each predicted class, and products of all pixels together.
    Means,
    /// Sums and products of all pixels together.
    Pooled,
}

impl MomentDetail {
    /// What an evaluation keeps of `channels` logits: everything by class up to [`MOST_BY_CLASS`] of them; of more, the
    /// means of clean images and nothing else by class. Its size then grows with the square of the classes.
    #[must_use]
    pub fn kept(channels: usize, clean: bool) -> MomentDetail {
        match (channels <= MOST_BY_CLASS, clean) {
            (true, _) => MomentDetail::ByClass,
            (false, true) => MomentDetail::Means,
            (false, false) => MomentDetail::Pooled,
        }
    }
}
