//! What a loop in Python predicted, counted into a store of scribe.

mod count;
mod settings;

use crate::errors::{chain, refused};
use count::{Prediction, unit};
use numpy::{PyReadonlyArray2, PyReadonlyArray3, PyUntypedArrayMethods};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use scribe_analysis::{ReportExtra, contents, load, terminal, write_contents};
use scribe_base::lock::{LOCK, Lock};
use scribe_dataset::ImageId;
use scribe_records::{Condition, Input, Manifest, Series, Store};
use settings::Settings;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The store of one run, open for one model.
#[pyclass(frozen, module = "scribe_corruptions._native")]
pub(crate) struct Evaluator {
    out: PathBuf,
    state: Mutex<Option<State>>,
}

/// What is gone once the evaluator is closed.
struct State {
    store: Store,
    suite: scribe_corruptions::Suite,
    manifest: Manifest,
    series: Series,
    /// What the store has of this series.
    done: BTreeSet<(String, Condition)>,
    /// The image whose clean logits came last, and they.
    clean: Option<(String, Vec<f32>)>,
    /// Released when the state is dropped, after the store.
    _lock: Lock,
}

#[pymethods]
impl Evaluator {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "the Python class around it names them")]
    fn new(
        out: PathBuf,
        class_names: Vec<String>,
        class_colours: Vec<[u8; 3]>,
        has_background: bool,
        model: &str,
        label: String,
        suite: &str,
        frost_source: &str,
        master_seed: u64,
        view: String,
        images: Vec<String>,
    ) -> PyResult<Evaluator> {
        let settings = Settings {
            name: out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            class_names,
            class_colours,
            has_background,
            model: model.parse().map_err(|error| wrong(&error))?,
            label,
            frost_source: frost_source.into(),
            master_seed,
            view,
            images,
        };
        let suite = scribe_corruptions::Suite::by_name(suite).map_err(|error| refused(&error))?;
        let state = State::open(&out, &settings, suite)?;
        Ok(Evaluator { out, state: Mutex::new(Some(state)) })
    }

    /// Whether the store has the result already.
    fn done(&self, image_id: &str, corruption: &str, severity: u8) -> PyResult<bool> {
        let condition = Condition::new(corruption, severity).map_err(|error| wrong(&error))?;
        let mut state = self.lock();
        Ok(opened(&mut state)?.done.contains(&(image_id.to_owned(), condition)))
    }

    /// Counts one prediction; false where the store has its result already.
    #[expect(clippy::too_many_arguments, reason = "the Python class around it names them")]
    fn add(
        &self,
        py: Python<'_>,
        image_id: &str,
        corruption: &str,
        severity: u8,
        seed: u32,
        sha256: String,
        truth: PyReadonlyArray2<'_, u8>,
        classes: Option<PyReadonlyArray2<'_, u8>>,
        logits: Option<PyReadonlyArray3<'_, f32>>,
    ) -> PyResult<bool> {
        let condition = Condition::new(corruption, severity).map_err(|error| wrong(&error))?;
        image_id.parse::<ImageId>().map_err(|error| wrong(&error))?;
        let (height, width) = (truth.shape()[0], truth.shape()[1]);
        let shaped = |shape: &[usize]| shape[shape.len() - 2..] == [height, width];
        let fits = classes.as_ref().is_none_or(|map| shaped(map.shape()));
        if !fits || !logits.as_ref().is_none_or(|planes| shaped(planes.shape())) {
            return Err(PyValueError::new_err("the prediction has another size than the truth"));
        }
        let truth = truth.as_slice()?;
        let prediction = match (&classes, &logits) {
            (_, Some(planes)) => Prediction::Logits(planes.as_slice()?),
            (Some(map), None) => Prediction::Classes(map.as_slice()?),
            (None, None) => return Err(PyValueError::new_err("no prediction was given")),
        };
        let input = Input { image_id: image_id.to_owned(), condition, seed, sha256 };
        py.detach(|| opened(&mut self.lock())?.add(input, truth, prediction))
    }

    /// Writes the report into a folder, and returns both tables as text and the paths of the files.
    #[pyo3(signature = (out = None))]
    fn report(&self, py: Python<'_>, out: Option<PathBuf>) -> PyResult<(String, Vec<PathBuf>)> {
        py.detach(|| {
            let mut state = self.lock();
            let store = &opened(&mut state)?.store;
            let view = load(store).map_err(|error| wrong(&error))?;
            let extra = ReportExtra::default();
            let contents = contents(&view, &extra).map_err(|error| wrong(&error))?;
            let files = write_contents(out.as_deref().unwrap_or(&self.out), &contents);
            Ok((terminal(&contents), files.map_err(|error| wrong(&error))?))
        })
    }

    /// Leaves the store as one file; further calls are refused.
    fn close(&self) -> PyResult<()> {
        match self.lock().take() {
            Some(state) => state.store.close().map_err(|error| wrong(&error)),
            None => Ok(()),
        }
    }
}

impl Evaluator {
    fn lock(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn opened(state: &mut Option<State>) -> PyResult<&mut State> {
    state.as_mut().ok_or_else(|| PyValueError::new_err("the evaluator is closed"))
}

impl State {
    fn open(out: &Path, settings: &Settings, suite: scribe_corruptions::Suite) -> PyResult<State> {
        let lock =
            Lock::exclusive(&out.join(LOCK), out).map_err(|error| PyRuntimeError::new_err(chain(&error)))?;
        let manifest = settings.manifest(&suite);
        let series = settings.series();
        let store = Store::open_or_resume(&out.join(Store::FILE_NAME), &manifest);
        let store = store.map_err(|error| wrong(&error))?;
        // What is added later continues the lists of the store.
        let manifest = Manifest {
            images: store.manifest().images.clone(),
            corruptions: store.manifest().corruptions.clone(),
            severities: store.manifest().severities.clone(),
            ..manifest
        };
        let keys = store.completed().map_err(|error| wrong(&error))?;
        let own = keys.into_iter().filter(|key| key.series() == series);
        let done = own.map(|key| (key.image_id, key.condition)).collect();
        Ok(State { store, suite, manifest, series, done, clean: None, _lock: lock })
    }

    fn add(&mut self, input: Input, truth: &[u8], prediction: Prediction<'_>) -> PyResult<bool> {
        let (image_id, condition) = (input.image_id.clone(), input.condition.clone());
        let key = (image_id, condition);
        let clean = match (&self.clean, key.1.is_clean()) {
            (Some((image, planes)), false) if *image == key.0 => Some(planes.as_slice()),
            _ => None,
        };
        let there = self.done.contains(&key);
        if !there {
            let class_count = self.manifest.class_count();
            let unit = unit(input, &self.series, class_count, truth, &prediction, clean)?;
            self.announce(&key.0, &key.1)?;
            self.store.commit(&unit).map_err(|error| wrong(&error))?;
            self.done.insert(key.clone());
        }
        // Also where the result is there already: a loop that resumes in the middle of an image gives its clean logits again.
        if let (Prediction::Logits(planes), true) = (prediction, key.1.is_clean()) {
            self.clean = Some((key.0, planes.to_vec()));
        }
        Ok(!there)
    }

    /// Adds an image and a condition that are new to the store's manifest, before their first result.
    fn announce(&mut self, image_id: &str, condition: &Condition) -> PyResult<()> {
        let mut manifest = self.manifest.clone();
        if !manifest.images.iter().any(|known| known == image_id) {
            manifest.images.push(image_id.to_owned());
        }
        if !condition.is_clean() {
            settings::add_condition(&mut manifest, &self.suite, condition)?;
        }
        if manifest != self.manifest {
            self.store.extend(&manifest).map_err(|error| wrong(&error))?;
            self.manifest = manifest;
        }
        Ok(())
    }
}

/// A request that cannot be fulfilled, with everything that its error says.
fn wrong(error: &dyn std::error::Error) -> PyErr {
    PyValueError::new_err(chain(error))
}
