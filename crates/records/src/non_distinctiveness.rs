//! The metric of the IBE package (Lehman et al., ICIP 2019): how strongly background and a class are predicted at once.

/// Sums for END, the expected non-distinctiveness, over all pixels of an image, void ones included.
///
/// With K foreground logits v and the background logit b, a pixel's identity confidence is
/// `id = (max_n softmax(v)_n - 1/K) / (1 - 1/K)` and its background confidence is `softmax([b, v])_0` (mode 1 of the
/// package, here "joint") or `sigmoid(b - max v)` (mode 2, "pairwise"). END is the mean of their product, in [0, 1]:
/// 0 where no pixel looks like background and like one certain class at the same time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NonDistinctiveness {
    pixels: u64,
    joint: f64,
    pairwise: f64,
}

impl NonDistinctiveness {
    /// Counts one pixel with its two products.
    pub fn add(&mut self, joint: f64, pairwise: f64) {
        self.pixels += 1;
        self.joint += joint;
        self.pairwise += pairwise;
    }

    /// Adds the sums of other pixels.
    pub fn merge(&mut self, other: &NonDistinctiveness) {
        self.pixels += other.pixels;
        self.joint += other.joint;
        self.pairwise += other.pairwise;
    }

    /// Pixels counted.
    pub fn pixels(&self) -> u64 {
        self.pixels
    }

    /// END in mode 1, `None` if no pixel was counted.
    pub fn joint(&self) -> Option<f64> {
        (self.pixels > 0).then(|| self.joint / self.pixels as f64)
    }

    /// END in mode 2, `None` if no pixel was counted.
    pub fn pairwise(&self) -> Option<f64> {
        (self.pixels > 0).then(|| self.pairwise / self.pixels as f64)
    }

    /// The sums as stored: pixels, joint, pairwise.
    pub(crate) fn parts(&self) -> (u64, f64, f64) {
        (self.pixels, self.joint, self.pairwise)
    }

    /// From its stored parts.
    pub(crate) fn from_parts(pixels: u64, joint: f64, pairwise: f64) -> NonDistinctiveness {
        NonDistinctiveness { pixels, joint, pairwise }
    }
}
