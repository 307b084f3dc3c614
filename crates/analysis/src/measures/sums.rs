//! Plain sums from stored records, and covariances from sums.

use nalgebra::DMatrix;
use scribe_records::LogitMoments;

/// [`super::Kind::Pixels`] of moments: N, sum v, sum v v^T over all predicted classes.
pub(crate) fn pixel_sums(m: &LogitMoments) -> Vec<f64> {
    let (pixels, sum, outer) = m.pooled();
    std::iter::once(pixels as f64).chain(sum).chain(outer).collect()
}

/// [`super::Kind::ClassMeans`] of moments: N_c, then a row of sums for each predicted class.
pub(crate) fn class_mean_sums(m: &LogitMoments) -> Vec<f64> {
    let counts = (0..m.channels()).map(|c| m.count(c) as f64);
    counts.chain((0..m.channels()).flat_map(|c| m.sum(c).iter().copied())).collect()
}

/// A channel does not vary where its variance is at most this share of its mean square (1e-9: a deviation of 3e-5 of
/// its size).
///
/// What is below is rounding. A sum of n equal numbers in double precision, one after the other, is off by up to n
/// 2^-53 of itself, and the mean square less the squared mean by three times that: 3e-9 for 10^7 pixels at most, and
/// 1.4e-10 of the mean square for the worst of twelve constants that were tried. A logit in single precision has
/// steps of 1e-7 of its size.
pub(crate) const NO_VARIANCE: f64 = 1e-9;

/// Covariance over pixels of the channels from `skip` on; `None` without a pixel. Channels that do not vary
/// ([`NO_VARIANCE`]) have zeros.
pub(crate) fn pixel_covariance(sums: &[f64], k: usize, skip: usize) -> Option<DMatrix<f64>> {
    let (n, rest) = sums.split_first().filter(|(n, _)| **n > 0.0)?;
    let (sum, outer) = rest.split_at(k);
    let side = Side::new(*n, sum, outer);
    Some(centred(*n, &side, &side, outer, skip))
}

/// Covariance of the rows "mean logits where class c was predicted", classes as samples; `Err` with the number of
/// predicted classes when they are fewer than two. Channels that do not vary ([`NO_VARIANCE`]) have zeros.
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
    let mut centred = DMatrix::from_fn(n, k - skip, |i, j| data[(i, j)] - mean[j]);
    for (mut deviations, values) in centred.column_iter_mut().zip(data.column_iter()) {
        if deviations.norm_squared() <= NO_VARIANCE * values.norm_squared() {
            deviations.fill(0.0);
        }
    }
    Ok(centred.transpose() * &centred / (n - 1) as f64)
}

/// The sums of the channels of one side of a covariance, and which of them vary.
pub(super) struct Side<'a> {
    sum: &'a [f64],
    varies: Vec<bool>,
}

impl<'a> Side<'a> {
    /// The channels of N, sum v and sum v v^T (K x K, row-major).
    pub(super) fn new(n: f64, sum: &'a [f64], outer: &[f64]) -> Side<'a> {
        let k = sum.len();
        let varies = |i: usize| {
            let (square, mean) = (outer[i * k + i] / n, sum[i] / n);
            square - mean * mean > NO_VARIANCE * square
        };
        Side { sum, varies: (0..k).map(varies).collect() }
    }
}

/// E[x y^T] - E[x] E[y]^T of the channels from `skip` on; 0 where either channel does not vary.
pub(super) fn centred(n: f64, x: &Side<'_>, y: &Side<'_>, outer: &[f64], skip: usize) -> DMatrix<f64> {
    let k = x.sum.len();
    DMatrix::from_fn(k - skip, k - skip, |i, j| {
        let (i, j) = (i + skip, j + skip);
        if !(x.varies[i] && y.varies[j]) {
            return 0.0;
        }
        outer[i * k + j] / n - (x.sum[i] / n) * (y.sum[j] / n)
    })
}
