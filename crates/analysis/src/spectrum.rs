//! Explained variance of the logits: PCA on class means, as in the authors' code, and on pixels, as in the paper's
//! text.
//!
//! Both are computed from the same [`LogitMoments`].

use crate::error::{Error, Result};
use crate::measures::{class_mean_covariance, class_mean_sums, pixel_covariance, pixel_sums};
use nalgebra::DMatrix;
use scribe_records::LogitMoments;

/// Which matrix is decomposed (Figure 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SpectrumOf {
    /// The covariance of the per-predicted-class mean logits, classes as samples: as in the authors' code.
    ClassMeans,
    /// The covariance of the logits over pixels, as in the paper's text.
    PixelCovariance,
}

impl SpectrumOf {
    /// A heading in words.
    pub(crate) fn title(self) -> &'static str {
        match self {
            SpectrumOf::ClassMeans => "class means (the authors' code)",
            SpectrumOf::PixelCovariance => "pixel covariance (the paper's text)",
        }
    }
}

/// Which logit channels take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Channels {
    /// All channels, background first.
    All,
    /// Without channel 0: for IBE and SCrIBE the background is a function of the rest and would skew the spectrum.
    Foreground,
}

/// Eigenvalues of a covariance, largest first, never negative.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spectrum {
    eigenvalues: Vec<f64>,
}

impl Spectrum {
    /// The spectrum of a symmetric matrix; values below zero (rounding of a singular matrix) are set to zero.
    ///
    /// # Errors
    /// The matrix is not square or holds a value that is not finite.
    pub(crate) fn of(matrix: &DMatrix<f64>) -> Result<Spectrum> {
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
    pub(crate) fn eigenvalues(&self) -> &[f64] {
        &self.eigenvalues
    }

    /// Each eigenvalue over their sum; `None` when the sum is zero (all samples equal).
    pub(crate) fn ratios(&self) -> Option<Vec<f64>> {
        let total: f64 = self.eigenvalues.iter().sum();
        (total > 0.0).then(|| self.eigenvalues.iter().map(|x| x / total).collect())
    }

    /// Accumulated explained variance, in (0, 1], one entry per component.
    pub(crate) fn accumulated(&self) -> Option<Vec<f64>> {
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
    pub(crate) fn effective_rank(&self) -> Option<f64> {
        let entropy: f64 = self.ratios()?.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum();
        Some(entropy.exp())
    }

    /// Participation ratio (sum l)^2 / sum l^2; n for n equal eigenvalues.
    pub(crate) fn participation_ratio(&self) -> Option<f64> {
        Some(1.0 / self.ratios()?.iter().map(|p| p * p).sum::<f64>())
    }

    /// How many leading components reach this share of the variance (`share` in (0, 1]).
    pub(crate) fn components_to(&self, share: f64) -> Option<usize> {
        let accumulated = self.accumulated()?;
        let last = accumulated.len();
        // A share of 1 must not be missed by the rounding of the running sum.
        Some(accumulated.iter().position(|a| *a >= share - 1e-12).map_or(last, |i| i + 1))
    }
}

impl Channels {
    /// Those that are told apart: without a background, all channels are of the foreground.
    pub(crate) fn of(without_background: bool) -> &'static [Channels] {
        if without_background { &[Channels::All] } else { &[Channels::All, Channels::Foreground] }
    }
}

/// The spectrum of one model's logits over one set of pixels.
///
/// # Errors
/// Nothing was predicted, fewer than two classes were predicted ([`SpectrumOf::ClassMeans`]), or a moment is not finite.
pub(crate) fn explained_variance(m: &LogitMoments, of: SpectrumOf, channels: Channels) -> Result<Spectrum> {
    let (k, skip) = (m.channels(), usize::from(channels == Channels::Foreground));
    let matrix = match of {
        SpectrumOf::ClassMeans => class_mean_covariance(&class_mean_sums(m), k, skip).map_err(|n| {
            missing(format!("{n} predicted classes"), "at least 2 for a covariance of class means")
        })?,
        SpectrumOf::PixelCovariance => pixel_covariance(&pixel_sums(m), k, skip)
            .ok_or_else(|| missing("predicted pixels".to_owned(), "moments of at least one pixel"))?,
    };
    Spectrum::of(&matrix)
}

fn missing(what: String, expected: &str) -> Error {
    Error::Missing { what, expected: expected.to_owned() }
}
