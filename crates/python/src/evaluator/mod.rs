//! What a loop in Python predicted, counted into a store of scribe.

mod classes;
mod count;
mod panel;
mod prediction;
mod settings;
mod state;
mod truth;
mod upsample;

use crate::errors::wrong;
use numpy::{PyReadonlyArray2, PyReadonlyArray3, PyUntypedArrayMethods};
use panel::Raster;
use prediction::Answer;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use scribe_analysis::{ReportExtra, contents, load, terminal, write_contents};
use scribe_dataset::ImageId;
use settings::Settings;
use state::{Arrival, State};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The store of one run, open for one model.
#[pyclass(frozen, module = "scribe_corruptions._native")]
pub(crate) struct Evaluator {
    out: PathBuf,
    /// The process that opened the store. What it holds of the system, a forked one has too and must not use.
    process: u32,
    state: Mutex<Option<State>>,
}

#[pymethods]
impl Evaluator {
    #[new]
    fn new(py: Python<'_>, out: PathBuf, settings: Settings) -> PyResult<Evaluator> {
        let out = std::path::absolute(&out)
            .map_err(|error| PyValueError::new_err(format!("out {:?}: {error}", out.display())))?;
        let state = py.detach(|| State::open(&out, &settings))?;
        Ok(Evaluator { out, process: std::process::id(), state: Mutex::new(Some(state)) })
    }

    /// How many classes a prediction may have.
    fn predicted_classes(&self, py: Python<'_>) -> PyResult<usize> {
        py.detach(|| Ok(opened(&mut *self.lock()?)?.predicted()))
    }

    /// The names of the scored classes, in the order of their indices.
    fn class_names(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        py.detach(|| Ok(opened(&mut *self.lock()?)?.class_names()))
    }

    /// Whether the store has the result already.
    fn done(&self, py: Python<'_>, image_id: &str, corruption: &str, severity: u8) -> PyResult<bool> {
        py.detach(|| {
            let mut state = self.lock()?;
            let state = opened(&mut state)?;
            Ok(state.has(image_id, &settings::condition(&state.suite, corruption, severity)?))
        })
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
        truth: PyReadonlyArray2<'_, i32>,
        classes: Option<PyReadonlyArray2<'_, i32>>,
        logits: Option<PyReadonlyArray3<'_, f32>>,
        picture: Option<PyReadonlyArray3<'_, u8>>,
    ) -> PyResult<bool> {
        image_id.parse::<ImageId>().map_err(|error| wrong(&error))?;
        let size = [truth.shape()[0], truth.shape()[1]];
        let truth = truth.as_slice()?;
        if truth.is_empty() {
            return Err(PyValueError::new_err("the truth has no pixel (expected at least one)"));
        }
        let picture = match &picture {
            Some(array) => Some(pixels(array, size)?),
            None => None,
        };
        let answer = match (&classes, &logits) {
            (Some(map), None) => Answer::Classes(whole(map, size)?),
            (None, Some(planes)) => self.logits(py, planes, size)?,
            _ => return Err(PyValueError::new_err("expected either classes or logits")),
        };
        py.detach(|| {
            let mut state = self.lock()?;
            let state = opened(&mut state)?;
            let condition = settings::condition(&state.suite, corruption, severity)?;
            state.add(Arrival { image_id, condition, seed, truth, size, answer, picture })
        })
    }

    /// Writes the report into a folder, and returns both tables as text and the paths of the files.
    #[pyo3(signature = (out = None))]
    fn report(&self, py: Python<'_>, out: Option<PathBuf>) -> PyResult<(String, Vec<PathBuf>)> {
        py.detach(|| self.written(out.as_deref().unwrap_or(&self.out)))
    }

    /// How many results of this network the store has, and how many of them are of clean pictures.
    fn counted(&self, py: Python<'_>) -> PyResult<(usize, usize)> {
        py.detach(|| Ok(opened(&mut *self.lock()?)?.counted()))
    }

    /// Leaves the store as one file; further calls are refused. In another process than the one that opened it there is
    /// nothing to close.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        if self.is_elsewhere() {
            return Ok(());
        }
        py.detach(|| match self.lock()?.take() {
            Some(state) => state.store.close().map_err(|error| wrong(&error)),
            None => Ok(()),
        })
    }
}

impl Evaluator {
    /// # Errors
    /// `RuntimeError` in a process that was forked from the one that opened the store: both would write through one
    /// connection.
    fn lock(&self) -> PyResult<MutexGuard<'_, Option<State>>> {
        if self.is_elsewhere() {
            return Err(PyRuntimeError::new_err(format!(
                "this Evaluator belongs to process {}, and this is process {} (expected calls in the process that made it: \
                 return predictions to it, and add them there)",
                self.process,
                std::process::id()
            )));
        }
        Ok(self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_elsewhere(&self) -> bool {
        self.process != std::process::id()
    }

    fn logits<'a>(
        &self,
        py: Python<'_>,
        planes: &'a PyReadonlyArray3<'_, f32>,
        [height, width]: [usize; 2],
    ) -> PyResult<Answer<'a>> {
        let (shape, classes) = (planes.shape(), self.predicted_classes(py)?);
        let [k, h, w] = [shape[0], shape[1], shape[2]];
        if k == classes && (1..=height).contains(&h) && (1..=width).contains(&w) {
            return Ok(Answer::Logits(planes.as_slice()?, [h, w]));
        }
        Err(PyValueError::new_err(format!(
            "logits of shape ({k}, {h}, {w}) (expected ({classes}, h, w) with h at most {height} and w at most {width}, the \
             size of the truth)"
        )))
    }

    fn written(&self, out: &Path) -> PyResult<(String, Vec<PathBuf>)> {
        let mut state = self.lock()?;
        let view = load(&opened(&mut state)?.store).map_err(|error| wrong(&error))?;
        let contents = contents(&view, &ReportExtra::default()).map_err(|error| wrong(&error))?;
        let files = write_contents(out, &contents);
        Ok((terminal(&contents), files.map_err(|error| wrong(&error))?))
    }
}

impl Drop for Evaluator {
    fn drop(&mut self) {
        if self.is_elsewhere() {
            // The connection and the lock are the parent's, and are not closed here.
            std::mem::forget(self.state.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}

fn opened(state: &mut Option<State>) -> PyResult<&mut State> {
    state.as_mut().ok_or_else(|| PyValueError::new_err("the evaluator is closed"))
}

/// The classes of a map that has the size of the truth.
fn whole<'a>(map: &'a PyReadonlyArray2<'_, i32>, [height, width]: [usize; 2]) -> PyResult<&'a [i32]> {
    match *map.shape() {
        [h, w] if [h, w] != [height, width] => Err(PyValueError::new_err(format!(
            "the prediction has another size than the truth: ({h}, {w}) (expected ({height}, {width}))"
        ))),
        _ => Ok(map.as_slice()?),
    }
}

/// The pixels of a picture that has the size of the truth.
fn pixels<'a>(picture: &'a PyReadonlyArray3<'_, u8>, [height, width]: [usize; 2]) -> PyResult<Raster<'a>> {
    if *picture.shape() == [height, width, 3] {
        return Ok(Raster { bytes: picture.as_slice()?, size: [height, width] });
    }
    Err(PyValueError::new_err(format!(
        "a picture of shape {:?} (expected [{height}, {width}, 3], the size of the truth: the picture that was corrupted, \
         before the network's own resizing and padding)",
        picture.shape()
    )))
}
