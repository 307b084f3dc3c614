//! The open store of one run, and what the next result needs to know of the earlier ones.

use super::classes::ScoredClasses;
use super::count::Counting;
use super::panel::{Raster, panel};
use super::prediction::{Answer, Prediction};
use super::settings::{self, Settings};
use super::truth::{Truth, Truths};
use crate::errors::{of_store, refused, wrong};
use pyo3::PyResult;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use scribe_analysis::figure6_shows;
use scribe_base::digest::sha256_hex;
use scribe_base::lock::{LOCK, Lock, LockError};
use scribe_corruptions::Suite;
use scribe_records::{Condition, Filter, Input, Manifest, ModelId, Result, Series, Store, Unit};
use std::collections::{BTreeSet, HashSet};
use std::path::Path;

/// What is gone once the evaluator is closed.
pub(super) struct State {
    pub store: Store,
    pub suite: Suite,
    classes: ScoredClasses,
    counting: Counting,
    manifest: Manifest,
    /// The images of the manifest: to look through its list would take longer with each of them.
    images: HashSet<String>,
    series: Series,
    /// What the store has of this series.
    done: BTreeSet<(String, Condition)>,
    truths: Truths,
    /// The image whose clean logits came last, and they.
    clean: Option<(String, Vec<f32>)>,
    /// Of so many images, the first, pictures are kept for the report.
    panels: usize,
    /// Released when the state is dropped, after the store.
    _lock: Lock,
}

/// One result as it comes: the values of the label map, the answer and the picture, with their sizes.
pub(super) struct Arrival<'a> {
    pub image_id: &'a str,
    pub condition: Condition,
    pub seed: u32,
    pub truth: &'a [i32],
    pub size: [usize; 2],
    pub answer: Answer<'a>,
    pub picture: Option<Raster<'a>>,
}

impl State {
    /// # Errors
    /// A setting cannot be used, the folder is in use, or its store was made with other settings.
    pub(super) fn open(out: &Path, settings: &Settings) -> PyResult<State> {
        let suite = Suite::by_name(&settings.suite).map_err(|error| refused(&error))?;
        let model: ModelId = settings.model.parse().map_err(|error| wrong(&error))?;
        scribe_records::check_label(&settings.label).map_err(|error| wrong(&error))?;
        settings.check()?;
        let classes = ScoredClasses::new(&settings.classes)?;
        let series = settings.series(model);
        let counting = Counting::new(
            (classes.scored.len(), classes.may_ignore()),
            series.clone(),
            &settings.records,
            settings.calibration_bins,
            &settings.severities,
        )?;
        let lock = locked(out)?;
        let name = out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let manifest = settings.manifest(name, &series, &classes.scored, classes.mark());
        let (store, manifest) = opened(&out.join(Store::FILE_NAME), manifest)?;
        let (done, truths) = counted(&store, &series, &suite).map_err(|error| of_store(&error))?;
        let images = manifest.images.iter().cloned().collect();
        let panels = settings.panels;
        Ok(State {
            store,
            suite,
            classes,
            counting,
            manifest,
            images,
            series,
            done,
            truths,
            clean: None,
            panels,
            _lock: lock,
        })
    }

    /// How many results the store has of this series, and how many of them are of clean images.
    pub(super) fn counted(&self) -> (usize, usize) {
        (self.done.len(), self.done.iter().filter(|(_, condition)| condition.is_clean()).count())
    }

    /// How many classes a prediction may have.
    pub(super) fn predicted(&self) -> usize {
        self.classes.predicted()
    }

    /// The names of the scored classes.
    pub(super) fn class_names(&self) -> Vec<String> {
        self.classes.scored.names().map(str::to_owned).collect()
    }

    /// Whether the store has the result.
    pub(super) fn has(&self, image_id: &str, condition: &Condition) -> bool {
        self.done.contains(&(image_id.to_owned(), condition.clone()))
    }

    /// Counts a result; false where the store has it already.
    ///
    /// # Errors
    /// It cannot be counted, or the store fails; nothing of it is then kept.
    pub(super) fn add(&mut self, arrival: Arrival<'_>) -> PyResult<bool> {
        let there = self.has(arrival.image_id, &arrival.condition);
        // Also where the result is there already: a loop that resumes in the middle of an image gives its clean logits again.
        let keeps = arrival.condition.is_clean() && self.counting.compares();
        if there && !keeps {
            return Ok(false);
        }
        let prediction = Prediction::new(arrival.answer, arrival.size, &self.classes)?;
        if there && prediction.logits.is_none() {
            return Ok(false);
        }
        let labels = self.classes.labels(arrival.truth, arrival.size[1])?;
        let truth = Truth::new(&arrival.condition, &labels, arrival.size);
        self.truths.check(arrival.image_id, &truth)?;
        if !there {
            let mut unit = self.unit(&arrival, &labels, &prediction)?;
            truth.name_in(&mut unit);
            // Before the manifest names its image and condition: a refused result leaves no trace.
            self.store.check_unit(&unit).map_err(|error| of_store(&error))?;
            self.announce(arrival.image_id, &arrival.condition)?;
            self.store.commit(&unit).map_err(|error| of_store(&error))?;
            self.done.insert((arrival.image_id.to_owned(), arrival.condition.clone()));
        }
        self.truths.keep(arrival.image_id, truth);
        if let Some(logits) = prediction.logits.filter(|_| keeps) {
            self.clean = Some((arrival.image_id.to_owned(), logits.into_owned()));
        }
        Ok(!there)
    }

    fn unit(&self, arrival: &Arrival<'_>, labels: &[u8], prediction: &Prediction<'_>) -> PyResult<Unit> {
        let mut unit = Unit::new(Input {
            image_id: arrival.image_id.to_owned(),
            condition: arrival.condition.clone(),
            seed: arrival.seed,
            sha256: arrival.picture.map(|picture| sha256_hex(picture.bytes)).unwrap_or_default(),
        });
        let clean = self.clean.as_ref().filter(|(image_id, _)| image_id == arrival.image_id);
        self.counting.count(labels, prediction, clean.map(|(_, logits)| logits.as_slice()), &mut unit)?;
        if let Some(picture) = arrival.picture.filter(|_| self.is_shown(arrival)) {
            let labels = Raster { bytes: labels, size: arrival.size };
            unit.panel = Some(panel(picture, labels, (&self.series, &prediction.classes))?);
        }
        Ok(unit)
    }

    /// Whether the report may show this image under this condition.
    fn is_shown(&self, arrival: &Arrival<'_>) -> bool {
        let images = &self.manifest.images;
        let is_first = |image: &String| image == arrival.image_id;
        let first = images.iter().take(self.panels).any(is_first)
            || images.len() < self.panels && !images.iter().any(is_first);
        first && figure6_shows(&arrival.condition)
    }

    /// Adds an image and a condition that are new to the store's manifest, before their first result.
    fn announce(&mut self, image_id: &str, condition: &Condition) -> PyResult<()> {
        let new_image = !self.images.contains(image_id);
        if !new_image && self.manifest.conditions().contains(condition) {
            return Ok(());
        }
        let mut manifest = self.manifest.clone();
        if new_image {
            manifest.images.push(image_id.to_owned());
        }
        if !condition.is_clean() {
            settings::add_condition(&mut manifest, &self.suite, condition)?;
        }
        if manifest != self.manifest {
            self.store.extend(&manifest).map_err(|error| of_store(&error))?;
            self.manifest = manifest;
            self.images.insert(image_id.to_owned());
        }
        Ok(())
    }
}

/// The store of this file, new or resumed, and its manifest as what is added later continues it.
fn opened(file: &Path, manifest: Manifest) -> PyResult<(Store, Manifest)> {
    let store = Store::open_or_resume(file, &manifest).map_err(|error| of_store(&error))?;
    let manifest = Manifest {
        images: store.manifest().images.clone(),
        corruptions: store.manifest().corruptions.clone(),
        severities: store.manifest().severities.clone(),
        ..manifest
    };
    Ok((store, manifest))
}

/// What a store has of a series, and the truths of all of its pictures.
fn counted(store: &Store, series: &Series, suite: &Suite) -> Result<(BTreeSet<(String, Condition)>, Truths)> {
    let (mut done, mut truths) = (BTreeSet::new(), Truths::default());
    store.for_each_confusion(&Filter::all(), |key, cells| -> Result<()> {
        truths.keep_counted(suite, &key, &cells);
        if key.series() == *series {
            done.insert((key.image_id, key.condition));
        }
        Ok(())
    })?;
    truths.keep_hashes(store.label_maps()?);
    Ok((done, truths))
}

/// The lock on the folder, whose errors name what a script can change.
fn locked(out: &Path) -> PyResult<Lock> {
    if out.is_file() {
        return Err(PyValueError::new_err(format!("out {:?}: a file (expected a folder)", out.display())));
    }
    Lock::exclusive(&out.join(LOCK), out).map_err(|error| {
        PyRuntimeError::new_err(match error {
            LockError::InUse { path, holder } => format!(
                "{}: in use by {holder}, or by a process that it has forked (one process at a time writes there: wait until it ends, close the other Evaluator, or \
                 choose another out)",
                path.display()
            ),
            LockError::File { path, source } => format!(
                "{}: cannot be made or locked: {source} (expected as out a folder in which this process may write)",
                path.display()
            ),
        })
    })
}
