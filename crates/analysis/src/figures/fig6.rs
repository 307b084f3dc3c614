//! Figure 6: one picture under three corruptions and severities 0 to 3, with the predictions of two models.

use super::seeds_shown;
use crate::names::COLUMNS;
use crate::view::{PanelView, View};
use scribe_records::{Condition, Mode, ModelId, Series};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// The corruptions of the authors' notebook grid, tried first in this order.
const PREFERRED: [&str; 5] = ["gaussian_noise", "defocus_blur", "snow", "brightness", "elastic_transform"];

/// The severities of the authors' grid.
const SEVERITIES: RangeInclusive<u8> = 1..=3;

/// Whether the report's Figure 6 shows a condition where a store keeps panels of it: clean, and the authors' grid.
///
/// An evaluation keeps pictures of these alone: they decide what the page shows, and no number.
pub fn figure6_shows(condition: &Condition) -> bool {
    let of_grid = PREFERRED.contains(&condition.corruption.as_str());
    condition.is_clean() || of_grid && SEVERITIES.contains(&condition.severity)
}

/// One condition as it is shown: PNG bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// 0 is clean.
    pub(crate) severity: u8,
    /// The picture as the networks saw it (RGB).
    pub(crate) input: Vec<u8>,
    /// The prediction of each model of [`Fig6::models`] (8-bit grey, class ids), where there is one.
    pub(crate) predictions: Vec<Option<Vec<u8>>>,
}

/// One corruption and its severities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Strip {
    /// The corruption's title.
    pub(crate) corruption: String,
    /// Severities 1 to 3, those that are stored.
    pub(crate) shown: Vec<Shown>,
}

/// Figure 6 as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fig6 {
    /// The picture's id.
    pub(crate) image: String,
    /// The label map (8-bit grey, class ids, 255 = void).
    pub(crate) label: Vec<u8>,
    /// The models' names.
    pub(crate) models: Vec<String>,
    /// Which training seeds are shown, in a sentence; `None` where no model has several.
    pub(crate) seeds: Option<String>,
    /// The clean picture, if stored.
    pub(crate) clean: Option<Shown>,
    /// Up to three corruptions.
    pub(crate) strips: Vec<Strip>,
    /// Names and colours of the classes.
    pub(crate) classes: Vec<(String, [u8; 3])>,
}

impl Fig6 {
    /// The severities of the rows below the clean one: those that any corruption has.
    pub(crate) fn severities(&self) -> Vec<u8> {
        let all: BTreeSet<u8> = self.strips.iter().flat_map(|s| &s.shown).map(|s| s.severity).collect();
        all.into_iter().collect()
    }
}

/// Figure 6 for the named picture, or for the one with most stored conditions (the first of equals).
///
/// The models are the paper's Baseline and SCrIBE where the view has both, otherwise its first and last model.
/// `None` when the store has no panels.
pub(crate) fn fig6(view: &View, image: Option<&str>) -> Option<Fig6> {
    let chosen = match image {
        Some(name) => view.panels.iter().find(|p| p.image == name)?.image.clone(),
        None => richest(view)?,
    };
    let panels: Vec<&PanelView> = view.panels.iter().filter(|p| p.image == chosen).collect();
    let models = two_models(view);
    let shown = |condition: &Condition| {
        let panel = panels.iter().find(|p| p.condition == *condition)?;
        let predictions = models.iter().map(|m| Some(prediction(panel, m)?.1.clone())).collect();
        Some(Shown { severity: condition.severity, input: panel.input.clone(), predictions })
    };
    let strips = corruptions(&panels)
        .into_iter()
        .map(|name| Strip {
            corruption: title(&name),
            shown: SEVERITIES.filter_map(|s| shown(&Condition::new(name.as_str(), s).ok()?)).collect(),
        })
        .collect();
    Some(Fig6 {
        image: chosen,
        label: panels.first()?.label.clone(),
        models: models.iter().map(|m| view.title(m)).collect(),
        seeds: seeds_shown(view, &seeds(&panels, &models)),
        clean: shown(&Condition::clean()),
        strips,
        classes: view.classes.iter().cloned().zip(view.palette.iter().copied()).collect(),
    })
}

fn richest(view: &View) -> Option<String> {
    let count = |image: &str| view.panels.iter().filter(|p| p.image == image).count();
    let mut best: Option<(&str, usize)> = None;
    for panel in &view.panels {
        let n = count(&panel.image);
        if best.is_none_or(|(_, most)| n > most) {
            best = Some((&panel.image, n));
        }
    }
    best.map(|(image, _)| image.to_owned())
}

fn two_models(view: &View) -> Vec<ModelId> {
    let pair = [view.model_named("Baseline"), view.model_named("SCrIBE")];
    if let [Some(a), Some(b)] = pair {
        return vec![a.clone(), b.clone()];
    }
    let ends: BTreeSet<usize> = [0, view.models.len().saturating_sub(1)].into();
    ends.into_iter().filter_map(|i| view.models.get(i).cloned()).collect()
}

/// Single scale first, then any mode; the lowest seed.
fn prediction<'a>(panel: &'a PanelView, model: &ModelId) -> Option<(&'a Series, &'a Vec<u8>)> {
    let rank = |s: &Series| (s.mode != Mode::single(), s.seed);
    let of_model = panel.predictions.iter().filter(|(s, _)| s.model == *model);
    of_model.min_by_key(|(s, _)| rank(s))
}

fn seeds(panels: &[&PanelView], models: &[ModelId]) -> Vec<(ModelId, u64)> {
    let seed = |m: &ModelId| Some((m.clone(), panels.iter().find_map(|p| prediction(p, m))?.0.seed));
    models.iter().filter_map(seed).collect()
}

fn corruptions(panels: &[&PanelView]) -> Vec<String> {
    let stored: BTreeSet<&str> = panels
        .iter()
        .filter(|p| SEVERITIES.contains(&p.condition.severity))
        .map(|p| p.condition.corruption.as_str())
        .collect();
    let paper = COLUMNS.iter().map(|c| c.name);
    let mut order: Vec<&str> = Vec::new();
    for name in PREFERRED.into_iter().chain(paper).chain(stored.iter().copied()) {
        if stored.contains(name) && !order.contains(&name) {
            order.push(name);
        }
    }
    order.into_iter().take(3).map(str::to_owned).collect()
}

fn title(name: &str) -> String {
    COLUMNS.iter().find(|c| c.name == name).map_or_else(|| name.replace('_', " "), |c| c.title.to_owned())
}
