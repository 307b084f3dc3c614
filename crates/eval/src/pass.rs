//! What an evaluation is asked to do.

use crate::{Error, Predictor, Result};
use scribe_corruptions::{Severity, Suite};
use scribe_dataset::{ImageId, Split, TestView};
use scribe_model::Inference;
use scribe_records::{Condition, Mode, ModelId, Series};
use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

/// One evaluation: these pictures under these conditions by these models.
pub struct Pass<'a> {
    /// Where pictures and labels come from.
    pub split: &'a dyn Split,
    /// The pictures, in order; all of the split or some.
    pub ids: Vec<ImageId>,
    /// The size of the test; the corruption comes after it.
    pub view: TestView,
    /// The corruptions.
    pub suite: &'a Suite,
    /// The conditions in order, usually clean first.
    pub conditions: Vec<Condition>,
    /// The models.
    pub entrants: Vec<Entrant<'a>>,
    /// The seed from which each corruption's seed follows; see [`scribe_corruptions::seed_for`].
    pub master_seed: u64,
    /// How many conditions of one picture are predicted at once, at least 1; results do not depend on it.
    pub batch: usize,
    /// Of what logit moments are taken.
    pub moments: MomentsWanted,
    /// The modes of which products of clean and corrupted logits are taken, which must give logits.
    pub cross_moments: Vec<Mode>,
    /// Whether and of what calibrations are counted.
    pub calibration: Option<CalibrationWanted>,
    /// The modes of which END is taken; those that do not give logits have none.
    pub end: Vec<Mode>,
    /// Of what the pictures themselves are kept.
    pub panels: Vec<PanelWanted>,
    /// Threads that decode and corrupt ahead of inference, at least 1; results do not depend on it.
    pub threads: usize,
    /// Predictions that run at once, at least 1; more than 1 pays for networks too small to fill the cores alone, and
    /// takes so many times the memory. Results do not depend on it.
    pub side_by_side: usize,
    /// Set from outside (Ctrl-C) to end after the unit in work.
    pub stop: &'a AtomicBool,
    /// Hears after each input how many are committed, and of how many; once with 0 before the first.
    pub progress: Option<&'a (dyn Fn(usize, usize) + Sync)>,
}

/// One trained model that takes part.
pub struct Entrant<'a> {
    /// Its id in the keys.
    pub id: ModelId,
    /// The seed of its training.
    pub seed: u64,
    /// The network, or what predicts in its place.
    pub model: &'a dyn Predictor,
    /// The ways it is asked, in order.
    pub modes: Vec<(Mode, Inference)>,
}

/// Of which conditions and modes logit moments are taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MomentsWanted {
    /// The conditions.
    pub conditions: Vec<Condition>,
    /// The modes, which must give logits.
    pub modes: Vec<Mode>,
}

/// How calibrations are counted, under every condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalibrationWanted {
    /// Equal bins of confidence, at least 1.
    pub bins: usize,
    /// The modes.
    pub modes: Vec<Mode>,
}

/// Under which conditions one picture is kept as an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelWanted {
    /// The picture; one that the pass does not have is passed over.
    pub image: ImageId,
    /// The conditions.
    pub conditions: Vec<Condition>,
}

impl Pass<'_> {
    /// Every entrant's series, in order, with the entrant's and the mode's index.
    pub(crate) fn series(&self) -> Vec<(Series, usize, usize)> {
        let mut all = Vec::new();
        for (e, entrant) in self.entrants.iter().enumerate() {
            for (m, (mode, _)) in entrant.modes.iter().enumerate() {
                all.push((Series::new(entrant.id.clone(), entrant.seed, mode.clone()), e, m));
            }
        }
        all
    }

    /// Refuses what cannot run, before any work.
    pub(crate) fn check(&self) -> Result<()> {
        at_least_one("batch", self.batch)?;
        at_least_one("threads", self.threads)?;
        at_least_one("side_by_side", self.side_by_side)?;
        at_least_one("calibration.bins", self.calibration.as_ref().map_or(1, |c| c.bins))?;
        once("pictures", self.ids.iter())?;
        once("conditions", self.conditions.iter())?;
        let series = self.series();
        once("models", series.iter().map(|(s, _, _)| s))?;
        for condition in self.conditions.iter().filter(|c| !c.is_clean()) {
            let source = self
                .suite
                .get(&condition.corruption)
                .map(|_| ())
                .and_then(|()| Severity::new(condition.severity).map(|_| ()));
            source.map_err(|source| Error::Corruption {
                image: "(any)".to_owned(),
                condition: condition.clone(),
                source: Box::new(source),
            })?;
        }
        let classes: BTreeSet<usize> = self.entrants.iter().map(|e| e.model.classes()).collect();
        if classes.len() > 1 {
            let expected = "the same number of classes in every model";
            return Err(Error::Plan { what: "classes", value: format!("{classes:?}"), expected });
        }
        Ok(())
    }
}

fn at_least_one(what: &'static str, value: usize) -> Result<()> {
    if value == 0 {
        return Err(Error::Plan { what, value: "0".to_owned(), expected: "at least 1" });
    }
    Ok(())
}

fn once<'a, T: Ord + std::fmt::Display + 'a>(
    what: &'static str,
    values: impl Iterator<Item = &'a T>,
) -> Result<()> {
    let mut seen = BTreeSet::new();
    for value in values {
        if !seen.insert(value) {
            return Err(Error::Plan { what, value: value.to_string(), expected: "each of them once" });
        }
    }
    Ok(())
}
