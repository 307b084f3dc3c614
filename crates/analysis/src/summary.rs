//! mIoU per cell and the numbers made of it: mPC, rPC, CE, RR, group means.
//!
//! Definitions: mIoU is the mean IoU of one confusion over the whole set, void dropped, classes that occur neither in
//! truth nor in prediction left out. A cell of several training seeds is the mean over the seeds. mPC is the mean over
//! corruptions and severities; rPC = mPC / clean; CE_c = sum_s (1 - mIoU) / sum_s (1 - mIoU_ref);
//! RR_c = mean_s mIoU / clean (Robo3D's definition).

use crate::names::{COLUMNS, Group};
use crate::view::View;
use scribe_records::{Condition, Mode, ModelId};
use std::collections::BTreeSet;

/// Which results a number is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cells {
    /// What a cell of Table 1 shows: (single scale + multi-scale) / 2, which is how the paper's cells were formed as far as its
    /// numbers tell; of a model that lacks one of them, the results that it has ([`modes`]).
    AsPrinted,
    /// Single scale only.
    Single,
    /// Multi-scale only, averaged in the space that suits the objective.
    Msc,
    /// Multi-scale, averaged softmax probabilities.
    MscSoftmax,
    /// Multi-scale, averaged sigmoids.
    MscSigmoid,
    /// Multi-scale, averaged logits.
    MscLogit,
    /// Multi-scale, averaged foreground logits with the background rebuilt from them.
    MscRebuild,
}

impl Cells {
    /// Those of one mode, in the order of tables.
    pub const OF_ONE_MODE: [Cells; 6] =
        [Cells::Single, Cells::Msc, Cells::MscSoftmax, Cells::MscSigmoid, Cells::MscLogit, Cells::MscRebuild];

    /// The heading in words.
    pub fn title(self) -> &'static str {
        match self {
            Cells::AsPrinted => "average of single scale and multi-scale",
            Cells::Single => "single scale",
            Cells::Msc => "multi-scale (MSC)",
            Cells::MscSoftmax => "multi-scale (average of softmax)",
            Cells::MscSigmoid => "multi-scale (average of sigmoids)",
            Cells::MscLogit => "multi-scale (average of logits)",
            Cells::MscRebuild => "multi-scale (average of foreground logits)",
        }
    }

    /// The name in CSV: the mode's, or `average`.
    pub fn key(self) -> &'static str {
        match self {
            Cells::AsPrinted => "average",
            Cells::Single => "single",
            Cells::Msc => "msc",
            Cells::MscSoftmax => "msc-softmax",
            Cells::MscSigmoid => "msc-sigmoid",
            Cells::MscLogit => "msc-logit",
            Cells::MscRebuild => "msc-rebuild",
        }
    }

    /// The results of a mode; `None` for a mode that no table knows.
    pub fn of(mode: &Mode) -> Option<Cells> {
        Cells::OF_ONE_MODE.into_iter().find(|cells| cells.key() == mode.as_str())
    }

    /// Those of one mode that the view holds of any model, in the order of tables.
    pub fn held_by(view: &View) -> Vec<Cells> {
        let modes = view.modes();
        Cells::OF_ONE_MODE.into_iter().filter(|c| modes.iter().any(|m| m.as_str() == c.key())).collect()
    }

    /// What Table 1 shows: the results of one mode where every model's cells are made of that mode alone, else
    /// [`Cells::AsPrinted`].
    pub fn best_for(view: &View) -> Cells {
        let mut own: Vec<Vec<Mode>> =
            view.models.iter().map(|m| modes(view, m, Cells::AsPrinted)).filter(|m| !m.is_empty()).collect();
        own.dedup();
        match own.as_slice() {
            [] => Cells::Single,
            [only] => match only.as_slice() {
                [mode] => Cells::of(mode).unwrap_or(Cells::Single),
                _ => Cells::AsPrinted,
            },
            _ => Cells::AsPrinted,
        }
    }
}

/// The modes whose mean a model's number is.
///
/// Of [`Cells::AsPrinted`] these are single scale and multi-scale where the model was run in both under the same conditions (and
/// with the same seeds). Otherwise it is the mode with most results, single scale before multi-scale among equals, so that a model
/// that was run in one mode only still has its cells; [`crate::tables::notes`] names such a model. Empty for a model without results.
pub fn modes(view: &View, model: &ModelId, cells: Cells) -> Vec<Mode> {
    if cells != Cells::AsPrinted {
        return vec![Mode::new(cells.key()).expect("a plain name")];
    }
    let runs = |mode: &Mode| -> BTreeSet<(u64, &Condition)> {
        let own = view.confusions.keys().filter(|c| c.series.model == *model && c.series.mode == *mode);
        own.map(|c| (c.series.seed, &c.condition)).collect()
    };
    let (single, msc) = (Mode::single(), Mode::msc());
    let of_single = runs(&single);
    if !of_single.is_empty() && of_single == runs(&msc) {
        return vec![single, msc];
    }
    let mut found: Vec<(usize, Mode)> = Cells::held_by(view)
        .into_iter()
        .flat_map(|c| modes(view, model, c))
        .map(|m| (runs(&m).len(), m))
        .filter(|(n, _)| *n > 0)
        .collect();
    // A stable sort: single scale comes first among equals.
    found.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    found.into_iter().take(1).map(|(_, m)| m).collect()
}

/// The mode in which a model's classes, errors and single pictures are looked at: single scale where [`modes`] has it.
pub fn look(view: &View, model: &ModelId) -> Mode {
    modes(view, model, Cells::AsPrinted).into_iter().next().unwrap_or_else(Mode::single)
}

/// mIoU in [0, 1] of a model in a mode under a condition, mean over its training seeds; `None` when nothing was measured.
pub fn miou(view: &View, model: &ModelId, mode: &Mode, condition: &Condition) -> Option<f64> {
    mean(view.confusions.iter().filter_map(|(cell, confusion)| {
        let s = &cell.series;
        (s.model == *model && s.mode == *mode && cell.condition == *condition).then(|| confusion.miou())?
    }))
}

/// The value of a cell of Table 1, in [0, 1]: the mean over the model's [`modes`]; `None` where one of them was not measured.
pub fn cell(view: &View, model: &ModelId, cells: Cells, condition: &Condition) -> Option<f64> {
    of_modes(view, model, &modes(view, model, cells), condition)
}

fn of_modes(view: &View, model: &ModelId, modes: &[Mode], condition: &Condition) -> Option<f64> {
    let values: Option<Vec<f64>> = modes.iter().map(|m| miou(view, model, m, condition)).collect();
    mean(values?)
}

/// The condition of one of the paper's corruptions; `None` for a severity outside 1 to 5.
pub fn condition(corruption: &str, severity: u8) -> Option<Condition> {
    Condition::new(corruption, severity).ok()
}

/// Mean over the severities that were measured for one corruption, in [0, 1].
pub fn corruption_mean(view: &View, model: &ModelId, cells: Cells, corruption: &str) -> Option<f64> {
    mean(measured(view, model, cells, corruption))
}

/// Mean over the corruptions of one group of the paper (their measured severities), in [0, 1].
pub fn group_mean(view: &View, model: &ModelId, cells: Cells, group: Group) -> Option<f64> {
    mean(COLUMNS.iter().filter(|c| c.group == group).flat_map(|c| measured(view, model, cells, c.name)))
}

/// Mean over the paper's corruptions at one severity, in [0, 1].
pub fn severity_mean(view: &View, model: &ModelId, cells: Cells, severity: u8) -> Option<f64> {
    let modes = modes(view, model, cells);
    mean(COLUMNS.iter().filter_map(|c| of_modes(view, model, &modes, &condition(c.name, severity)?)))
}

/// mPC: mean over all measured (corruption, severity) of the paper's fifteen, in [0, 1].
pub fn mpc(view: &View, model: &ModelId, cells: Cells) -> Option<f64> {
    mean(COLUMNS.iter().flat_map(|c| measured(view, model, cells, c.name)))
}

/// mIoU on the clean pictures, in [0, 1].
pub fn clean(view: &View, model: &ModelId, cells: Cells) -> Option<f64> {
    cell(view, model, cells, &Condition::clean())
}

/// rPC = mPC / clean.
pub fn rpc(view: &View, model: &ModelId, cells: Cells) -> Option<f64> {
    ratio(mpc(view, model, cells)?, clean(view, model, cells)?)
}

/// CE of a corruption against a reference model: sum_s (1 - mIoU) / sum_s (1 - mIoU_ref), over severities that both have.
pub fn corruption_error(
    view: &View,
    model: &ModelId,
    reference: &ModelId,
    cells: Cells,
    corruption: &str,
) -> Option<f64> {
    let shared = shared_conditions(view, (model, reference), cells, corruption);
    let errors = |m: &ModelId| shared.iter().filter_map(|c| Some(1.0 - cell(view, m, cells, c)?)).sum();
    ratio(errors(model), errors(reference))
}

/// The conditions of one corruption that both models have.
pub(crate) fn shared_conditions(
    view: &View,
    (a, b): (&ModelId, &ModelId),
    cells: Cells,
    corruption: &str,
) -> Vec<Condition> {
    let all = (1..=5).filter_map(|s| condition(corruption, s));
    all.filter(|c| [a, b].iter().all(|m| cell(view, m, cells, c).is_some())).collect()
}

/// Mean of [`corruption_error`] over the measured corruptions: mCE (Kamann and Rother's mean CD).
pub fn mean_corruption_error(view: &View, model: &ModelId, reference: &ModelId, cells: Cells) -> Option<f64> {
    mean(COLUMNS.iter().filter_map(|c| corruption_error(view, model, reference, cells, c.name)))
}

/// RR of a corruption: mean over severities / clean.
pub fn resilience(view: &View, model: &ModelId, cells: Cells, corruption: &str) -> Option<f64> {
    ratio(corruption_mean(view, model, cells, corruption)?, clean(view, model, cells)?)
}

/// Mean of [`resilience`] over the measured corruptions: mRR.
pub fn mean_resilience(view: &View, model: &ModelId, cells: Cells) -> Option<f64> {
    mean(COLUMNS.iter().filter_map(|c| resilience(view, model, cells, c.name)))
}

/// Least-squares slope of the mean over corruptions against severity 1 to 5: change of mIoU (a fraction) per step.
/// `None` for fewer than two severities.
pub fn severity_slope(view: &View, model: &ModelId, cells: Cells) -> Option<f64> {
    let points: Vec<(f64, f64)> =
        (1..=5u8).filter_map(|s| Some((f64::from(s), severity_mean(view, model, cells, s)?))).collect();
    slope(&points)
}

/// Least-squares slope through points (x, y); `None` for fewer than two different x.
pub fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let x = mean(points.iter().map(|p| p.0))?;
    let y = mean(points.iter().map(|p| p.1))?;
    let spread: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    (spread > 0.0).then(|| points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>() / spread)
}

/// How many of the paper's 75 conditions a model has.
pub fn measured_conditions(view: &View, model: &ModelId, cells: Cells) -> usize {
    COLUMNS.iter().map(|c| measured(view, model, cells, c.name).len()).sum()
}

fn measured(view: &View, model: &ModelId, cells: Cells, corruption: &str) -> Vec<f64> {
    let modes = modes(view, model, cells);
    (1..=5).filter_map(|s| of_modes(view, model, &modes, &condition(corruption, s)?)).collect()
}

pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.into_iter().fold((0.0, 0usize), |(s, n), x| (s + x, n + 1));
    (n > 0).then(|| sum / n as f64)
}

fn ratio(a: f64, b: f64) -> Option<f64> {
    (b > 0.0).then(|| a / b)
}
