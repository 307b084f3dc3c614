//! The kinds of sums, and their layout by blocks of pictures.

/// A kind of sums. All are plain sums over pixels, so that blocks can be added and weighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Logits v over all pixels: N, sum v (K), sum v v^T (K x K, row-major).
    Pixels,
    /// Logits v by predicted class: N_c (K), sum v (K x K, a row a class).
    ClassMeans,
    /// Clean logits x and corrupted logits y of the same pixels: N, sum x (K), sum y (K), sum x x^T, sum y y^T, sum x
    /// y^T.
    CleanCorrupted,
    /// Softmax probabilities over labelled pixels: (pixels, right pixels, sum of confidences) of each bin, then
    /// pixels and the sum of squared errors.
    Softmax,
    /// As [`Kind::Softmax`], for sigmoid probabilities.
    Sigmoid,
    /// Softmax probabilities over the labelled pixels of the half of the pictures that no temperature was fitted on: the
    /// sums of [`Kind::Softmax`] as they are, the same at the fitted temperature (all 0 without one), and (pixels, right
    /// pixels, sum of confidences) of the fine bins by which pixels are ordered.
    Scored,
    /// As [`Kind::Scored`], for sigmoid probabilities.
    SigmoidScored,
    /// END: pixels, and the sums of its joint and its pairwise form.
    NonDistinctiveness,
}

/// The sums of one kind by blocks of pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockSums {
    /// The number of logits K, or of bins for a calibration.
    pub size: usize,
    /// Block and its sums, ascending by block.
    pub blocks: Vec<(u32, Vec<f64>)>,
}

impl BlockSums {
    /// The sum over all blocks.
    pub fn total(&self) -> Vec<f64> {
        self.weighted(|_| 1.0)
    }

    /// The sum of the blocks, each times its weight.
    pub fn weighted(&self, weight: impl Fn(u32) -> f64) -> Vec<f64> {
        let mut total = vec![0.0; self.blocks.first().map_or(0, |(_, s)| s.len())];
        for (block, sums) in &self.blocks {
            let w = weight(*block);
            if w != 0.0 {
                total.iter_mut().zip(sums).for_each(|(t, s)| *t += w * s);
            }
        }
        total
    }
}
