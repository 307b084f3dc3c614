//! Normalised autocorrelation of the logits over the pixels where one class is predicted (Figure 3).
//!
//! The authors' notebook computes `(sum v v^T - mu mu^T) / N`, a misplaced division: in effect the second moment
//! about zero, normalised by its own diagonal. Two independent channels of mean 3 and deviation 1 score 0.9 that way
//! and 0 when centred, so "orthogonality" in Figure 3 can come from the class means alone. Both are here and both are
//! named.

use crate::measures::NO_VARIANCE;
use nalgebra::DMatrix;
use scribe_records::LogitMoments;

/// Whether the mean is subtracted before the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Centering {
    /// Second moment about zero, which is what the authors' code computes in effect.
    Uncentred,
    /// Covariance: Pearson's correlation.
    Centred,
}

impl Centering {
    /// A heading in words.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Centering::Uncentred => "uncentred (as the authors' code)",
            Centering::Centred => "centred (Pearson)",
        }
    }
}

/// The symmetric matrix m_ij / sqrt(m_ii m_jj), entries in [-1, 1].
///
/// `None` when the class was never predicted. An entry whose channel has no power (or no variance, when centred) is
/// undefined and is NaN in the matrix; [`defined`] tells.
pub(crate) fn autocorrelation(m: &LogitMoments, class: usize, centering: Centering) -> Option<DMatrix<f64>> {
    let second = second_moment(m, class)?;
    let mean = m.mean(class)?;
    let k = second.nrows();
    let matrix = match centering {
        Centering::Uncentred => second,
        Centering::Centred => DMatrix::from_fn(k, k, |i, j| second[(i, j)] - mean[i] * mean[j]),
    };
    Some(normalise(&matrix, &scale(m, class)?))
}

/// Divides by the square roots of the diagonal; rows whose diagonal is rounding of zero become NaN.
///
/// `power` is each channel's second moment about zero, the scale against which "zero" is judged.
pub(crate) fn normalise(matrix: &DMatrix<f64>, power: &[f64]) -> DMatrix<f64> {
    let k = matrix.nrows();
    let deviation: Vec<Option<f64>> = (0..k)
        .map(|i| {
            let d = matrix[(i, i)];
            (d > power[i] * NO_VARIANCE && d > 0.0).then(|| d.sqrt())
        })
        .collect();
    DMatrix::from_fn(k, k, |i, j| match (deviation[i], deviation[j]) {
        (Some(_), Some(_)) if i == j => 1.0,
        (Some(a), Some(b)) => (matrix[(i, j)] / (a * b)).clamp(-1.0, 1.0),
        _ => f64::NAN,
    })
}

/// The entry of an autocorrelation matrix, `None` where it is undefined.
pub(crate) fn defined(matrix: &DMatrix<f64>, i: usize, j: usize) -> Option<f64> {
    Some(matrix[(i, j)]).filter(|x| x.is_finite())
}

/// Mean of |entry| over the defined off-diagonal pairs: 0 when all channels are orthogonal, 1 when all move together.
pub(crate) fn mean_off_diagonal(matrix: &DMatrix<f64>) -> Option<f64> {
    let k = matrix.nrows();
    let values: Vec<f64> = (0..k)
        .flat_map(|i| (0..i).map(move |j| (i, j)))
        .filter_map(|(i, j)| defined(matrix, i, j))
        .map(f64::abs)
        .collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// E[v v^T] over the pixels where `class` was predicted, `None` when there are none.
pub(crate) fn second_moment(m: &LogitMoments, class: usize) -> Option<DMatrix<f64>> {
    let k = m.channels();
    Some(DMatrix::from_row_slice(k, k, &m.second_moment(class)?))
}

fn scale(m: &LogitMoments, class: usize) -> Option<Vec<f64>> {
    second_moment(m, class).map(|s| s.diagonal().iter().copied().collect())
}
