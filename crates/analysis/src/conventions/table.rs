//! The table of conventions: every model's scores by each of them, on clean and on corrupted images.

use super::{Convention, Sampler, Score};
use crate::bootstrap::{Bootstrap, Interval, Sampled};
use crate::summary::{Quantity, Results};
use crate::view::View;
use rayon::prelude::*;
use scribe_records::{Condition, Mode, ModelId};
use std::collections::BTreeMap;

/// The scores of one model by one convention.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ConventionRow {
    /// The model.
    pub(crate) model: ModelId,
    /// The mode of all its rows.
    pub(crate) mode: Mode,
    /// The convention; `None` for the worst corruption.
    pub(crate) convention: Option<Convention>,
    /// The score on clean images, in [0, 1].
    pub(crate) clean: Option<Interval>,
    /// The mean of the scores under all conditions of the paper's corruptions; the worst corruption's mIoU.
    pub(crate) corrupted: Option<Interval>,
}

/// All scores, and which corruption is each model's worst.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ConventionTable {
    /// A row for each model and convention; the models in the view's order, and of each VOC's mIoU first.
    pub(crate) rows: Vec<ConventionRow>,
    /// The corruption under which a model's mIoU, averaged over severities, is lowest.
    pub(crate) worst: BTreeMap<ModelId, String>,
}

impl ConventionTable {
    /// The name of the row of the worst corruption in CSV.
    pub(crate) const WORST_KEY: &'static str = "worst_corruption";

    /// Computes all of them, each model in the mode in which its details are shown.
    pub(crate) fn new(results: &Results<'_>, how: &Bootstrap) -> ConventionTable {
        let view = results.view();
        let sampler = Sampler::new(view, how, 0..how.resamples);
        let mut table = ConventionTable::default();
        for model in &view.models {
            let mode = results.detail_mode(model);
            table.add(view, &sampler, (model, &mode), how.level);
        }
        table
    }

    fn add(&mut self, view: &View, sampler: &Sampler<'_>, (model, mode): (&ModelId, &Mode), level: f64) {
        let wanted = wanted(view);
        let scores = |condition: &Condition| sampler.cell(model, mode, condition, &wanted);
        let clean = scores(&Condition::clean());
        let conditions = Quantity::Cor.conditions(view);
        let corrupted: Vec<_> = conditions.par_iter().map(|c| (c, scores(c))).collect();
        let interval = |score: Option<&Sampled>| score.map(|s| s.interval(level));
        for (place, score) in wanted.iter().enumerate() {
            let of_conditions: Vec<Sampled> =
                corrupted.iter().filter_map(|(_, scores)| scores[place].clone()).collect();
            let clean = interval(clean[place].as_ref());
            let corrupted = interval(Sampled::mean(&of_conditions).as_ref());
            if clean.is_some() || corrupted.is_some() {
                let (model, mode, convention) = (model.clone(), mode.clone(), Some(score.convention));
                self.rows.push(ConventionRow { model, mode, convention, clean, corrupted });
            }
        }
        let of_voc = corrupted.iter().filter_map(|(c, scores)| Some((*c, scores[0].clone()?)));
        if let Some((name, worst)) = worst_corruption(of_voc) {
            let (model, mode) = (model.clone(), mode.clone());
            self.worst.insert(model.clone(), name);
            let corrupted = Some(worst.interval(level));
            self.rows.push(ConventionRow { model, mode, convention: None, clean: None, corrupted });
        }
    }
}

/// The corruption whose mean over severities is lowest, and that mean. A resample has its own worst corruption.
pub(crate) fn worst_corruption<'c>(
    cells: impl Iterator<Item = (&'c Condition, Sampled)>,
) -> Option<(String, Sampled)> {
    let mut by_name: BTreeMap<&str, Vec<Sampled>> = BTreeMap::new();
    for (condition, miou) in cells {
        by_name.entry(&condition.corruption).or_default().push(miou);
    }
    let means: Vec<(&str, Sampled)> =
        by_name.iter().filter_map(|(name, all)| Some((*name, Sampled::mean(all)?))).collect();
    let name = means.iter().min_by(|a, b| a.1.value.total_cmp(&b.1.value))?.0.to_owned();
    let means: Vec<Sampled> = means.into_iter().map(|(_, mean)| mean).collect();
    Some((name, Sampled::of(&means, |values| values.iter().copied().fold(f64::INFINITY, f64::min))?))
}

/// The conventions that a view has values of; VOC's is the first.
fn wanted(view: &View) -> Vec<Score> {
    let held = |c: &Convention| !(view.without_background && c.is_of_foreground());
    let score = |convention| Score { convention, class: None };
    Convention::ALL.into_iter().filter(held).map(score).collect()
}
