//! Two runs of the same inputs as one, so that their differences are paired by image.

use super::scored_run::ScoredRun;
use super::subject::model;
use crate::error::{Error, Result};
use crate::format::list;
use crate::view::{Cell, View};
use scribe_records::{Condition, ModelId, Series, SparseConfusion};
use std::collections::{BTreeMap, BTreeSet};

/// How many images or conditions a message names.
const NAMED: usize = 3;

/// The model of a baseline that a model is compared with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Counterpart {
    /// Its id in the joined view.
    pub(crate) id: ModelId,
    /// Its name in the baseline.
    pub(crate) title: String,
}

/// A run and its baseline in one view, in which the models of the baseline have ids of their own.
#[derive(Debug)]
pub(crate) struct Joined {
    /// The counts of both.
    pub(crate) view: View,
    /// The id in the view of each model of the baseline.
    ids: BTreeMap<ModelId, ModelId>,
}

impl Joined {
    /// Joins the runs' results under some conditions.
    ///
    /// # Errors
    /// [`Error::Unpaired`] unless both scored the same classes on the same images and label maps, and the models of both
    /// saw the same pixels under each of the conditions.
    pub(crate) fn new(
        run: &ScoredRun,
        baseline: &ScoredRun,
        conditions: &BTreeSet<Condition>,
    ) -> Result<Joined> {
        let unpaired = |reason: String| Error::Unpaired {
            run: run.name.clone(),
            baseline: baseline.name.clone(),
            reason,
        };
        same_inputs(run, baseline, conditions).map_err(unpaired)?;
        let mut view = run.view.clone();
        let taken = |id: &str| run.view.models.iter().any(|model| model.as_str() == id);
        let free = |place: usize| {
            let mut names = (0..).map(|n| format!("baseline-{place}-{n}"));
            names.find(|name| !taken(name)).and_then(|name| ModelId::new(name).ok())
        };
        let models = baseline.view.models.iter().enumerate();
        let ids: BTreeMap<ModelId, ModelId> =
            models.filter_map(|(place, model)| Some((model.clone(), free(place)?))).collect();
        copy_counts(&mut view, baseline, &ids, conditions)?;
        copy_sums(&mut view, run, baseline, &ids);
        for (own, id) in &ids {
            if are_the_same_networks(run, baseline, own) {
                view.trained.insert(id.clone());
            }
        }
        Ok(Joined { view, ids })
    }

    /// The baseline's model that a model of the run is compared with: the named one, or the one of the same id, or the only
    /// one.
    ///
    /// # Errors
    /// There is no such model.
    pub(crate) fn counterpart(
        &self,
        own: &ModelId,
        baseline: &ScoredRun,
        named: Option<&str>,
    ) -> Result<Counterpart> {
        let models = &baseline.view.models;
        let found = match (named, models.as_slice()) {
            (Some(name), _) => model(&baseline.view, name)?,
            (None, all) if all.contains(own) => own.clone(),
            (None, [only]) => only.clone(),
            (None, all) => {
                let ids: Vec<&str> = all.iter().map(ModelId::as_str).collect();
                return Err(Error::Unknown {
                    what: format!("model `{own}` in the baseline {}", baseline.name),
                    expected: format!("a baseline model to compare with: one of {}", ids.join(", ")),
                });
            }
        };
        let missing = || Error::Missing {
            what: format!("results of the baseline's model `{found}`"),
            expected: "a model with results".to_owned(),
        };
        let id = self.ids.get(&found).cloned().ok_or_else(missing)?;
        Ok(Counterpart { id, title: baseline.view.title(&found) })
    }
}

/// The id's cell of a baseline's cell; `None` for a model that is not joined.
fn renamed(cell: &Cell, ids: &BTreeMap<ModelId, ModelId>) -> Option<Cell> {
    let series = Series { model: ids.get(&cell.series.model)?.clone(), ..cell.series.clone() };
    Some(Cell { series, condition: cell.condition.clone() })
}

fn copy_counts(
    view: &mut View,
    baseline: &ScoredRun,
    ids: &BTreeMap<ModelId, ModelId>,
    conditions: &BTreeSet<Condition>,
) -> Result<()> {
    let images = view.images.clone();
    let places: BTreeMap<&str, usize> = images.iter().map(String::as_str).zip(0..).collect();
    let moved = |counted: &[(usize, SparseConfusion)]| {
        let place = |image: &usize| places.get(baseline.view.images[*image].as_str()).copied();
        let mut all: Vec<_> =
            counted.iter().filter_map(|(image, counts)| Some((place(image)?, counts.clone()))).collect();
        all.sort_by_key(|(image, _)| *image);
        all
    };
    for (cell, counted) in baseline.view.per_image.iter().filter(|(c, _)| conditions.contains(&c.condition)) {
        let Some(new) = renamed(cell, ids) else { continue };
        for (image, counts) in moved(counted) {
            view.insert(&new, image, counts)?;
        }
        for draw in baseline.view.further.get(cell).into_iter().flatten() {
            for (image, counts) in moved(&draw.per_image) {
                view.insert_further(draw.master_seed, &new, image, counts)?;
            }
        }
    }
    Ok(())
}

/// Sums of logits, where both runs keep them by the same blocks. Those of other blocks cannot be drawn together, and a
/// number of logits then has no value in the baseline.
fn copy_sums(view: &mut View, run: &ScoredRun, baseline: &ScoredRun, ids: &BTreeMap<ModelId, ModelId>) {
    let blocks = |view: &View| -> BTreeMap<String, u32> {
        view.images.iter().cloned().zip(view.blocks.iter().copied()).collect()
    };
    if blocks(&run.view) != blocks(&baseline.view) {
        return;
    }
    for ((cell, kind), sums) in &baseline.view.sums {
        if let Some(cell) = renamed(cell, ids) {
            view.sums.insert((cell, *kind), sums.clone());
        }
    }
}

/// Whether a model of both runs is the same networks, so that the luck of its trainings is the same.
fn are_the_same_networks(run: &ScoredRun, baseline: &ScoredRun, model: &ModelId) -> bool {
    let seeds = baseline.view.seeds(model);
    let same = |seed: u64| {
        let key = (model.clone(), seed);
        run.networks.get(&key).is_some_and(|own| baseline.networks.get(&key) == Some(own))
    };
    run.view.trained.contains(model) && run.view.seeds(model) == seeds && seeds.into_iter().all(same)
}

/// What keeps two runs from being compared image by image.
fn same_inputs(
    run: &ScoredRun,
    baseline: &ScoredRun,
    conditions: &BTreeSet<Condition>,
) -> std::result::Result<(), String> {
    let (own, other) = (&run.view, &baseline.view);
    if own.classes != other.classes || own.without_background != other.without_background {
        return Err("their classes differ".to_owned());
    }
    let ids = |view: &View| view.images.iter().cloned().collect::<BTreeSet<String>>();
    let (own_ids, other_ids) = (ids(own), ids(other));
    let only: Vec<String> = own_ids.symmetric_difference(&other_ids).cloned().collect();
    refuse("images that only one of them has", only)?;
    same_draws(run, baseline, conditions)?;
    let (own_labels, other_labels) = (labels(run)?, labels(baseline)?);
    let differ = own_ids.iter().filter(|id| own_labels.get(*id) != other_labels.get(*id));
    refuse("images whose label maps differ", differ.cloned().collect())?;
    for condition in conditions {
        let hash = |of: &ScoredRun, id: &String| {
            of.inputs
                .get(&(id.clone(), condition.clone()))
                .filter(|hashes| hashes.iter().all(|hash| !hash.is_empty()))
                .cloned()
        };
        let differ = own_ids.iter().filter(|id| {
            let (a, b) = (hash(run, id), hash(baseline, id));
            a.is_none() || a != b
        });
        let what = format!("images whose pixels under {condition} differ or are missing in one of them");
        refuse(&what, differ.cloned().collect())?;
    }
    Ok(())
}

/// The hash of each image's label map.
fn labels(run: &ScoredRun) -> std::result::Result<BTreeMap<String, String>, String> {
    run.labels.clone().ok_or_else(|| {
        format!("the store of {} has no hashes of its label maps (a loop in Python leaves none)", run.name)
    })
}

/// Refuses other master seeds, where a condition was drawn under several: clean pictures, and those of corruptions that
/// draw nothing, are the same under all.
fn same_draws(
    run: &ScoredRun,
    baseline: &ScoredRun,
    conditions: &BTreeSet<Condition>,
) -> std::result::Result<(), String> {
    let both = [run, baseline];
    let drawn = conditions.iter().find(|c| both.iter().any(|of| is_drawn_again(of, c)));
    let Some(condition) = drawn.filter(|_| run.view.master_seeds != baseline.view.master_seeds) else {
        return Ok(());
    };
    let [own, other] = both.map(|of| format!("{} has {}", of.name, master_seeds(&of.view)));
    Err(format!("the master seeds of {condition} differ: {own}, {other}"))
}

/// Whether a run has pictures of a condition under further master seeds.
fn is_drawn_again(run: &ScoredRun, condition: &Condition) -> bool {
    run.inputs.iter().any(|((_, of), hashes)| of == condition && hashes.len() > 1)
}

/// The master seeds of a run with several draws, in words.
fn master_seeds(view: &View) -> String {
    let seeds: Vec<String> = view.master_seeds.iter().map(u64::to_string).collect();
    if seeds.is_empty() { "a single one".to_owned() } else { list(&seeds) }
}

/// Names the first of what was found; nothing where nothing was.
fn refuse(what: &str, found: Vec<String>) -> std::result::Result<(), String> {
    if found.is_empty() {
        return Ok(());
    }
    let more = found.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} others") } else { String::new() };
    Err(format!("{what}: {}{more}", found[..found.len().min(NAMED)].join(", ")))
}
