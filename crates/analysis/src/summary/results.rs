//! The mIoUs of a view, looked up once, and every number that is made of them.

use super::mode_choice::modes;
use super::{ModeChoice, Quantity, mean, ratio, slope};
use crate::names::{COLUMNS, Group};
use crate::view::View;
use scribe_records::{Condition, Mode, ModelId};
use std::collections::BTreeMap;

/// The results of every model of a view, for every choice of modes.
#[derive(Debug, Clone)]
pub struct Results<'a> {
    view: &'a View,
    of: BTreeMap<ModeChoice, BTreeMap<ModelId, ModelResults<'a>>>,
    /// The results of a model that the view does not have: none.
    none: ModelResults<'a>,
}

impl<'a> Results<'a> {
    /// Looks up all mIoUs of the view.
    #[must_use]
    pub fn new(view: &'a View) -> Results<'a> {
        let of_model =
            |m: &ModelId, mode_choice| (m.clone(), ModelResults::new(view, m, mode_choice, &|_| true));
        let of_choice =
            |mode_choice| (mode_choice, view.models.iter().map(|m| of_model(m, mode_choice)).collect());
        let none = ModelResults {
            view,
            model: ModelId::new("none").expect("a plain name"),
            mode_choice: ModeChoice::Single,
            modes: Vec::new(),
            values: BTreeMap::new(),
        };
        let kinds = ModeChoice::OF_ONE_MODE.into_iter().chain([ModeChoice::AsPrinted]);
        Results { view, of: kinds.map(of_choice).collect(), none }
    }

    /// The view that they are of.
    #[must_use]
    pub fn view(&self) -> &'a View {
        self.view
    }

    /// One model's results for one choice of modes; without any number where the view does not have the model.
    #[must_use]
    pub fn of(&self, model: &ModelId, mode_choice: ModeChoice) -> &ModelResults<'a> {
        self.of.get(&mode_choice).and_then(|models| models.get(model)).unwrap_or(&self.none)
    }

    /// The results for one choice of modes, in the order of the view's models.
    pub(crate) fn all(&self, mode_choice: ModeChoice) -> impl Iterator<Item = &ModelResults<'a>> {
        self.view.models.iter().map(move |model| self.of(model, mode_choice))
    }

    /// What Table 1 shows: the results of one mode where every model's cells are made of that mode alone, otherwise
    /// [`ModeChoice::AsPrinted`].
    #[must_use]
    pub fn shown(&self) -> ModeChoice {
        let all = self.all(ModeChoice::AsPrinted).map(|r| r.modes()).filter(|modes| !modes.is_empty());
        let mut own: Vec<&[Mode]> = all.collect();
        own.dedup();
        match own.as_slice() {
            [] => ModeChoice::Single,
            [[mode]] => ModeChoice::of(mode).unwrap_or(ModeChoice::Single),
            _ => ModeChoice::AsPrinted,
        }
    }

    /// The mode in which the details of a model (its classes, errors and single images) are shown: single scale where
    /// [`ModeChoice::AsPrinted`] has it.
    pub(crate) fn detail_mode(&self, model: &ModelId) -> Mode {
        self.of(model, ModeChoice::AsPrinted).modes().first().cloned().unwrap_or_else(Mode::single)
    }
}

/// The mIoUs of one model for one choice of modes, and the numbers that are made of them; fractions.
#[derive(Debug, Clone)]
pub struct ModelResults<'a> {
    view: &'a View,
    model: ModelId,
    mode_choice: ModeChoice,
    modes: Vec<Mode>,
    values: BTreeMap<Condition, f64>,
}

impl<'a> ModelResults<'a> {
    /// The results of the training seeds that `seeds` accepts.
    pub(crate) fn new(
        view: &'a View,
        model: &ModelId,
        mode_choice: ModeChoice,
        seeds: &dyn Fn(u64) -> bool,
    ) -> ModelResults<'a> {
        let modes = modes(view, model, mode_choice, seeds);
        let mut sums: BTreeMap<&Condition, Vec<(f64, usize)>> = BTreeMap::new();
        for cell in view.confusions.keys() {
            let s = &cell.series;
            let mode = modes.iter().position(|m| s.model == *model && *m == s.mode && seeds(s.seed));
            if let (Some(mode), Some(miou)) = (mode, mode.and_then(|_| view.miou(cell))) {
                let of_modes = sums.entry(&cell.condition).or_insert_with(|| vec![(0.0, 0); modes.len()]);
                of_modes[mode] = (of_modes[mode].0 + miou, of_modes[mode].1 + 1);
            }
        }
        // The mean over draws, then over seeds, then over modes; a condition that lacks one of the modes has no value.
        let over_seeds = |(sum, n): &(f64, usize)| (*n > 0).then(|| sum / *n as f64);
        let value = |(condition, of_modes): (&Condition, Vec<(f64, usize)>)| {
            let values: Option<Vec<f64>> = of_modes.iter().map(over_seeds).collect();
            Some((condition.clone(), mean(values?)?))
        };
        let values = sums.into_iter().filter_map(value).collect();
        ModelResults { view, model: model.clone(), mode_choice, modes, values }
    }

    /// The view that they are of.
    #[must_use]
    pub fn view(&self) -> &'a View {
        self.view
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &ModelId {
        &self.model
    }

    /// The choice of modes.
    #[must_use]
    pub fn mode_choice(&self) -> ModeChoice {
        self.mode_choice
    }

    /// The modes whose mean each number is.
    #[must_use]
    pub fn modes(&self) -> &[Mode] {
        &self.modes
    }

    /// The model's name in tables.
    #[must_use]
    pub fn title(&self) -> String {
        self.view.title(&self.model)
    }

    /// mIoU under one condition, the mean over training seeds and [modes](Self::modes): a cell of Table 1. `None` where
    /// one of the modes was not measured.
    #[must_use]
    pub fn at(&self, condition: &Condition) -> Option<f64> {
        self.values.get(condition).copied()
    }

    /// The value of a quantity; `None` where nothing was measured.
    #[must_use]
    pub fn value(&self, quantity: Quantity<'_>) -> Option<f64> {
        match quantity {
            Quantity::Clean => self.clean(),
            Quantity::One(condition) => self.at(condition),
            Quantity::Cor => self.mpc(),
            Quantity::Rpc => self.rpc(),
            Quantity::Corruption(name) => self.corruption_mean(name),
            Quantity::Group(group) => self.group_mean(group),
            Quantity::Severity(severity) => self.severity_mean(severity),
            Quantity::Slope => self.severity_slope(),
        }
    }

    /// mIoU on the clean images.
    #[must_use]
    pub fn clean(&self) -> Option<f64> {
        self.at(&Condition::clean())
    }

    /// Mean over the severities of one corruption that were measured.
    #[must_use]
    pub fn corruption_mean(&self, corruption: &str) -> Option<f64> {
        mean(self.measured(corruption))
    }

    /// Mean over the corruptions of one group of the paper, those severities that were measured.
    #[must_use]
    pub fn group_mean(&self, group: Group) -> Option<f64> {
        mean(COLUMNS.iter().filter(|c| c.group == group).flat_map(|c| self.measured(c.name)))
    }

    /// Mean over the paper's corruptions at one severity.
    #[must_use]
    pub fn severity_mean(&self, severity: u8) -> Option<f64> {
        mean(COLUMNS.iter().filter_map(|c| self.at(&Condition::new(c.name, severity).ok()?)))
    }

    /// mPC: mean over all corruptions and severities of the paper's table that were measured.
    #[must_use]
    pub fn mpc(&self) -> Option<f64> {
        mean(COLUMNS.iter().flat_map(|c| self.measured(c.name)))
    }

    /// rPC = mPC / clean.
    #[must_use]
    pub fn rpc(&self) -> Option<f64> {
        ratio(self.mpc()?, self.clean()?)
    }

    /// CE of a corruption against a reference model: sum_s (1 - mIoU) / sum_s (1 - mIoU of the reference), over the
    /// severities that both have.
    #[must_use]
    pub fn corruption_error(&self, reference: &ModelResults<'_>, corruption: &str) -> Option<f64> {
        let shared = self.shared_conditions(reference, corruption);
        let errors = |of: &ModelResults<'_>| shared.iter().filter_map(|c| Some(1.0 - of.at(c)?)).sum();
        ratio(errors(self), errors(reference))
    }

    /// The conditions of one corruption that both models have.
    pub(crate) fn shared_conditions(&self, other: &ModelResults<'_>, corruption: &str) -> Vec<Condition> {
        let all = (1..=5).filter_map(|s| Condition::new(corruption, s).ok());
        all.filter(|c| self.at(c).is_some() && other.at(c).is_some()).collect()
    }

    /// Mean of [`Self::corruption_error`] over the corruptions that were measured: mCE (Kamann and Rother's mean CD).
    #[must_use]
    pub fn mean_corruption_error(&self, reference: &ModelResults<'_>) -> Option<f64> {
        mean(COLUMNS.iter().filter_map(|c| self.corruption_error(reference, c.name)))
    }

    /// RR of a corruption: mean over severities / clean.
    #[must_use]
    pub fn resilience(&self, corruption: &str) -> Option<f64> {
        ratio(self.corruption_mean(corruption)?, self.clean()?)
    }

    /// Mean of [`Self::resilience`] over the corruptions that were measured: mRR.
    #[must_use]
    pub fn mean_resilience(&self) -> Option<f64> {
        mean(COLUMNS.iter().filter_map(|c| self.resilience(c.name)))
    }

    /// Least-squares slope of the mean over corruptions against severity 1 to 5: change of mIoU per step. `None` for
    /// fewer than two severities.
    #[must_use]
    pub fn severity_slope(&self) -> Option<f64> {
        let point = |s: u8| Some((f64::from(s), self.severity_mean(s)?));
        slope(&(1..=5).filter_map(point).collect::<Vec<_>>())
    }

    /// How many of the paper's 75 conditions the model has.
    #[must_use]
    pub fn measured_conditions(&self) -> usize {
        COLUMNS.iter().map(|c| self.measured(c.name).len()).sum()
    }

    fn measured(&self, corruption: &str) -> Vec<f64> {
        (1..=5).filter_map(|s| self.at(&Condition::new(corruption, s).ok()?)).collect()
    }
}
