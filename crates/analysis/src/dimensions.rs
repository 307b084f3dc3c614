//! Does dimensionality go with robustness? Effective rank and mIoU, condition by condition.

use scribe_records::{Mode, ModelId};

use crate::errors::{RankTest, rank_test};
use crate::spectrum::{Channels, SpectrumOf, explained_variance};
use crate::view::View;

/// One condition of one model.
#[derive(Debug, Clone, PartialEq)]
pub struct DimensionPoint {
    /// The condition in words, `fog:3`.
    pub condition: String,
    /// Effective rank of the foreground logits over pixels.
    pub effective_rank: f64,
    /// mIoU in [0, 1].
    pub miou: f64,
}

/// Effective rank and mIoU of a model in a mode, for each corrupted condition (and seed) that has moments.
pub fn dimension_points(view: &View, model: &ModelId, mode: &Mode) -> Vec<DimensionPoint> {
    let mine = view.moments.iter().filter(|(cell, _)| {
        cell.series.model == *model && cell.series.mode == *mode && !cell.condition.is_clean()
    });
    mine.filter_map(|(cell, moments)| {
        let spectrum = explained_variance(moments, SpectrumOf::PixelCovariance, Channels::Foreground).ok()?;
        Some(DimensionPoint {
            condition: cell.condition.to_string(),
            effective_rank: spectrum.effective_rank()?,
            miou: view.confusions.get(cell)?.miou()?,
        })
    })
    .collect()
}

/// Rank correlation over conditions between effective rank and mIoU; `None` for fewer than three conditions.
///
/// Conditions of one corruption are alike, so the permutation's p is too small; the sign and size are what to read.
pub fn dimension_test(points: &[DimensionPoint]) -> Option<RankTest> {
    let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|p| (p.effective_rank, p.miou)).unzip();
    rank_test(&x, &y)
}
