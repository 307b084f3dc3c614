//! The metric of the IBE package (Lehman et al., ICIP 2019): how strongly background and a class are predicted at once.

use crate::{Result, for_each_pixel};

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

    /// Counts all pixels of one image from its logits: `classes` planes of `pixels` values, the background's first.
    ///
    /// # Errors
    /// [`Error::Length`](crate::Error::Length) if the planes do not have this size.
    pub fn add_image(&mut self, logits: &[f32], classes: usize, pixels: usize) -> Result<()> {
        for_each_pixel(logits, classes, pixels, |_, row| {
            let (joint, pairwise) = products(row);
            self.add(joint, pairwise);
        })
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

/// Both products of one pixel from z = [b, v]; see [`NonDistinctiveness`].
fn products(z: &[f64]) -> (f64, f64) {
    let (b, v) = (z[0], &z[1..]);
    if v.len() < 2 {
        return (0.0, 0.0);
    }
    let k = v.len() as f64;
    let largest = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = v.iter().map(|v| (v - largest).exp()).sum();
    let identity = (1.0 / sum - 1.0 / k) / (1.0 - 1.0 / k);
    // softmax([b, v])_0 = 1 / (1 + exp(LSE(v) - b)), which cannot overflow to NaN.
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    (sigmoid(b - largest - sum.ln()) * identity, sigmoid(b - largest) * identity)
}

#[cfg(test)]
mod tests {
    use super::*;

    // PyTorch, torch.softmax as the package's ExpectedNonDistinctiveness writes it, float64:
    //   z = torch.tensor([[0.5, -1., 2., 0.25], [10., 80., -80., 3.], [3., 1., 1., 1.]], dtype=torch.float64)
    //   i = (torch.softmax(z[:, 1:], 1).max(1)[0] - 1/3) / (1 - 1/3)
    //   print(torch.softmax(z, 1)[:, 0] * i, torch.sigmoid(z[:, 0] - z[:, 1:].max(1)[0]) * i)
    #[test]
    fn products_are_those_of_torch() {
        let rows = [[0.5, -1.0, 2.0, 0.25], [10.0, 80.0, -80.0, 3.0], [3.0, 1.0, 1.0, 1.0]];
        for (row, (joint, pairwise)) in rows.iter().zip(EXPECTED) {
            let found = products(row);
            assert!((found.0 - joint).abs() < 1e-15 && (found.1 - pairwise).abs() < 1e-15, "{found:?}");
        }
    }

    const EXPECTED: [(f64, f64); 3] = [
        (0.11196366765683714, 0.13242813795099934),
        (3.975449735908647e-31, 3.975449735908647e-31),
        (0.0, 0.0),
    ];
}
