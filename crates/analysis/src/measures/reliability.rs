//! Reliability diagrams: accuracy against confidence, by severity.

use super::Kind;
use crate::names::position;
use crate::view::View;
use scribe_records::{Mode, ModelId};

/// One bin of a diagram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ReliabilityPoint {
    /// Labelled pixels in the bin.
    pub(crate) pixels: f64,
    /// Their mean confidence, in [0, 1].
    pub(crate) confidence: f64,
    /// The share of them that is right, in [0, 1].
    pub(crate) accuracy: f64,
}

/// One model's diagram at one severity.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reliability {
    /// The model.
    pub(crate) model: ModelId,
    /// 0 for clean.
    pub(crate) severity: u8,
    /// The bins that hold pixels, ascending in confidence.
    pub(crate) points: Vec<ReliabilityPoint>,
}

/// Diagrams of every model and severity in one mode, the bins of the paper's corruptions of a severity and all seeds
/// added up. Models and severities without counts are left out.
pub(crate) fn reliability(view: &View, mode: &Mode, kind: Kind) -> Vec<Reliability> {
    let mut out = Vec::new();
    for model in &view.models {
        for severity in 0..=5u8 {
            let mine = view.sums.iter().filter(|((cell, k), _)| {
                let s = &cell.series;
                let at = severity == 0 || position(&cell.condition.corruption).is_some();
                let at = at && cell.condition.severity == severity;
                *k == kind && s.model == *model && s.mode == *mode && at
            });
            let mut total: Vec<[f64; 3]> = Vec::new();
            for (_, sums) in mine {
                total.resize(sums.size.max(total.len()), [0.0; 3]);
                for (slot, bin) in total.iter_mut().zip(bins_of(&sums.total(), sums.size)) {
                    slot.iter_mut().zip(bin).for_each(|(a, b)| *a += b);
                }
            }
            let point = |[n, right, confidence]: &[f64; 3]| {
                (*n > 0.0).then(|| ReliabilityPoint {
                    pixels: *n,
                    confidence: confidence / n,
                    accuracy: right / n,
                })
            };
            let points: Vec<ReliabilityPoint> = total.iter().filter_map(point).collect();
            if !points.is_empty() {
                out.push(Reliability { model: model.clone(), severity, points });
            }
        }
    }
    out
}

/// (pixels, right pixels, sum of confidences) of each bin of calibration sums.
pub(crate) fn bins_of(sums: &[f64], bins: usize) -> impl Iterator<Item = [f64; 3]> + '_ {
    sums.chunks_exact(3).take(bins).map(|b| [b[0], b[1], b[2]])
}
