//! The pictures on which a model has the lowest scores.

use crate::names::position;
use crate::summary;
use crate::view::View;
use scribe_records::{Condition, Mode, ModelId, SparseConfusion};
use std::collections::BTreeMap;

/// A picture's own mIoU, clean and under corruption.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PictureScore {
    /// The picture's id.
    pub(crate) image: String,
    /// mIoU of the clean picture alone, mean over seeds, in [0, 1].
    pub(crate) clean: Option<f64>,
    /// Mean over all conditions of the paper's fifteen corruptions and seeds of the picture's own mIoU, in [0, 1].
    pub(crate) corrupted: f64,
}

/// Pictures by their mean corrupted mIoU, lowest first; equal ones by id.
pub(crate) fn pictures(view: &View, model: &ModelId, mode: &Mode) -> Vec<PictureScore> {
    let mut sums: BTreeMap<usize, [(f64, usize); 2]> = BTreeMap::new();
    for (cell, results) in &view.per_image {
        let (clean, paper) = (cell.condition == Condition::clean(), position(&cell.condition.corruption));
        if cell.series.model != *model || cell.series.mode != *mode || !clean && paper.is_none() {
            continue;
        }
        let slot = usize::from(!clean);
        for (image, confusion) in results {
            if let Some(miou) = picture_miou(confusion) {
                let sum = &mut sums.entry(*image).or_default()[slot];
                *sum = (sum.0 + miou, sum.1 + 1);
            }
        }
    }
    let mean = |(sum, n): (f64, usize)| (n > 0).then(|| sum / n as f64);
    let mut scores: Vec<PictureScore> = sums
        .into_iter()
        .filter_map(|(image, [clean, corrupted])| {
            let image = view.images.get(image)?.clone();
            Some(PictureScore { image, clean: mean(clean), corrupted: mean(corrupted)? })
        })
        .collect();
    scores.sort_by(|a, b| a.corrupted.total_cmp(&b.corrupted).then_with(|| a.image.cmp(&b.image)));
    scores
}

/// mIoU of one picture; `None` when all of it is void.
pub(crate) fn picture_miou(confusion: &SparseConfusion) -> Option<f64> {
    let mut classes: BTreeMap<u8, [u64; 2]> = BTreeMap::new();
    for &(truth, pred, n) in confusion.cells() {
        let n = u64::from(n);
        classes.entry(truth).or_default()[1] += n;
        if truth == pred {
            classes.entry(truth).or_default()[0] += n;
        } else {
            classes.entry(pred).or_default()[1] += n;
        }
    }
    summary::mean(classes.values().map(|c| c[0] as f64 / c[1] as f64))
}
