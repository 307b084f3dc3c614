//! Explained variance of the logits: PCA on class means (as the authors' code) and on pixels (as the paper's text).
//!
//! Both read the same [`LogitMoments`]; nothing runs a network.

use nalgebra::DMatrix;
use scribe_records::LogitMoments;

use crate::error::{Error, Result};

/// Which matrix is decomposed (Figure 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpectrumOf {
    /// The covariance of the per-predicted-class mean logits, classes as samples: what the authors' code runs.
    ClassMeans,
    /// The covariance of the logits over pixels: what the paper's text says.
    PixelCovariance,
}

impl SpectrumOf {
    /// A heading in words.
    pub fn title(self) -> &'static str {
        match self {
            SpectrumOf::ClassMeans => "class means (the authors' code)",
            SpectrumOf::PixelCovariance => "pixel covariance (the paper's text)",
        }
    }
}

/// Which logit channels take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channels {
    /// All channels, background first.
    All,
    /// Without channel 0: for IBE and SCrIBE the background is a function of the rest and would skew the spectrum.
    Foreground,
}

/// Eigenvalues of a covariance, largest first, never negative.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrum {
    eigenvalues: Vec<f64>,
}

impl Spectrum {
    /// The spectrum of a symmetric matrix; values below zero (rounding of a singular matrix) are set to zero.
    ///
    /// # Errors
    /// The matrix is not square or holds a value that is not finite.
    pub fn of(matrix: &DMatrix<f64>) -> Result<Spectrum> {
        if matrix.nrows() != matrix.ncols() {
            return Err(Error::Shape {
                what: "columns of a covariance matrix".to_owned(),
                expected: matrix.nrows(),
                found: matrix.ncols(),
            });
        }
        if let Some(value) = matrix.iter().find(|x| !x.is_finite()) {
            return Err(Error::NotFinite { what: "a covariance matrix".to_owned(), value: *value });
        }
        let mut eigenvalues: Vec<f64> =
            matrix.clone().symmetric_eigenvalues().iter().map(|x| x.max(0.0)).collect();
        eigenvalues.sort_by(|a, b| b.total_cmp(a));
        Ok(Spectrum { eigenvalues })
    }

    /// The eigenvalues, largest first.
    pub fn eigenvalues(&self) -> &[f64] {
        &self.eigenvalues
    }

    /// Each eigenvalue over their sum; `None` when the sum is zero (all samples equal).
    pub fn ratios(&self) -> Option<Vec<f64>> {
        let total: f64 = self.eigenvalues.iter().sum();
        (total > 0.0).then(|| self.eigenvalues.iter().map(|x| x / total).collect())
    }

    /// Accumulated explained variance, in (0, 1], one entry per component.
    pub fn accumulated(&self) -> Option<Vec<f64>> {
        let mut sum = 0.0;
        Some(
            self.ratios()?
                .into_iter()
                .map(|r| {
                    sum += r;
                    sum.min(1.0)
                })
                .collect(),
        )
    }

    /// Effective rank exp(H(p)) with p the ratios and H in nats (Roy and Vetterli 2007); 1 for one direction.
    pub fn effective_rank(&self) -> Option<f64> {
        let entropy: f64 = self.ratios()?.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum();
        Some(entropy.exp())
    }

    /// Participation ratio (sum l)^2 / sum l^2; n for n equal eigenvalues.
    pub fn participation_ratio(&self) -> Option<f64> {
        Some(1.0 / self.ratios()?.iter().map(|p| p * p).sum::<f64>())
    }

    /// How many leading components reach this share of the variance (`share` in (0, 1]).
    pub fn components_to(&self, share: f64) -> Option<usize> {
        let accumulated = self.accumulated()?;
        let last = accumulated.len();
        // A share of 1 must not be missed by the rounding of the running sum.
        Some(accumulated.iter().position(|a| *a >= share - 1e-12).map_or(last, |i| i + 1))
    }
}

/// The spectrum of one model's logits over one set of pixels.
///
/// # Errors
/// Nothing was predicted, fewer than two classes were predicted ([`SpectrumOf::ClassMeans`]), or a moment is not finite.
pub fn explained_variance(m: &LogitMoments, of: SpectrumOf, channels: Channels) -> Result<Spectrum> {
    let skip = usize::from(channels == Channels::Foreground);
    let matrix = match of {
        SpectrumOf::ClassMeans => class_mean_covariance(m, skip)?,
        SpectrumOf::PixelCovariance => pixel_covariance(m, skip)?,
    };
    Spectrum::of(&matrix)
}

/// Covariance of the rows "mean logits where class c was predicted"; classes that were never predicted have no row.
fn class_mean_covariance(m: &LogitMoments, skip: usize) -> Result<DMatrix<f64>> {
    let rows: Vec<Vec<f64>> =
        (0..m.channels()).filter_map(|c| m.mean(c)).map(|row| row[skip..].to_vec()).collect();
    if rows.len() < 2 {
        return Err(missing(
            format!("{} predicted classes", rows.len()),
            "at least 2 for a covariance of class means",
        ));
    }
    let (n, k) = (rows.len(), m.channels() - skip);
    let data = DMatrix::from_fn(n, k, |i, j| rows[i][j]);
    let mean = data.row_mean();
    let centred = DMatrix::from_fn(n, k, |i, j| data[(i, j)] - mean[j]);
    Ok(centred.transpose() * &centred / (n - 1) as f64)
}

/// Covariance over all pixels, from the per-predicted-class moments.
fn pixel_covariance(m: &LogitMoments, skip: usize) -> Result<DMatrix<f64>> {
    let k = m.channels();
    let (pixels, sum, outer) = m.pooled();
    if pixels == 0 {
        return Err(missing("predicted pixels".to_owned(), "moments of at least one pixel"));
    }
    let total = pixels as f64;
    Ok(DMatrix::from_fn(k - skip, k - skip, |i, j| {
        let (i, j) = (i + skip, j + skip);
        outer[i * k + j] / total - (sum[i] / total) * (sum[j] / total)
    }))
}

fn missing(what: String, expected: &str) -> Error {
    Error::Missing { what, expected: expected.to_owned() }
}
