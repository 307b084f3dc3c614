//! From stored records to plain sums, and from sums to covariances.

use nalgebra::DMatrix;
use scribe_records::LogitMoments;

/// [`super::Kind::Pixels`] of moments: N, sum v, sum v v^T over all predicted classes.
pub fn pixel_sums(m: &LogitMoments) -> Vec<f64> {
    let (pixels, sum, outer) = m.pooled();
    std::iter::once(pixels as f64).chain(sum).chain(outer).collect()
}

/// [`super::Kind::ClassMeans`] of moments: N_c, then a row of sums for each predicted class.
pub fn class_mean_sums(m: &LogitMoments) -> Vec<f64> {
    let counts = (0..m.channels()).map(|c| m.count(c) as f64);
    counts.chain((0..m.channels()).flat_map(|c| m.sum(c).iter().copied())).collect()
}

/// Covariance over pixels of the channels from `skip` on; `None` without a pixel.
pub(crate) fn pixel_covariance(sums: &[f64], k: usize, skip: usize) -> Option<DMatrix<f64>> {
    let (n, rest) = sums.split_first().filter(|(n, _)| **n > 0.0)?;
    let (sum, outer) = rest.split_at(k);
    Some(centred(*n, sum, sum, outer, skip))
}

/// Covariance of the rows "mean logits where class c was predicted", classes as samples; `Err` with the number of predicted
/// classes when they are fewer than two.
pub(crate) fn class_mean_covariance(sums: &[f64], k: usize, skip: usize) -> Result<DMatrix<f64>, usize> {
    let (counts, rows) = sums.split_at(k);
    let predicted: Vec<usize> = (0..k).filter(|c| counts[*c] > 0.0).collect();
    let n = predicted.len();
    if n < 2 {
        return Err(n);
    }
    let data = DMatrix::from_fn(n, k - skip, |i, j| {
        let c = predicted[i];
        rows[c * k + j + skip] / counts[c]
    });
    let mean = data.row_mean();
    let centred = DMatrix::from_fn(n, k - skip, |i, j| data[(i, j)] - mean[j]);
    Ok(centred.transpose() * &centred / (n - 1) as f64)
}

/// E[x y^T] - E[x] E[y]^T of the channels from `skip` on.
pub(super) fn centred(n: f64, x: &[f64], y: &[f64], outer: &[f64], skip: usize) -> DMatrix<f64> {
    let k = x.len();
    DMatrix::from_fn(k - skip, k - skip, |i, j| {
        let (i, j) = (i + skip, j + skip);
        outer[i * k + j] / n - (x[i] / n) * (y[j] / n)
    })
}
