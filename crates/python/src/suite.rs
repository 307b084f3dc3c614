//! A suite of corruptions as Python holds it.

use crate::errors::{chain, refused};
use crate::generator::{State, from_state, state};
use crate::tasks::each_on;
use crate::{pixels, pool};
use numpy::{PyReadonlyArray1, PyReadwriteArray3};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use scribe_corruptions::{Corruption, FrostTextures, Picture, PictureMut, Rng, Severity};
use scribe_dataset::read_frost_pictures;
use std::path::PathBuf;

/// The corruptions of one suite, with the frost of one folder. Pictures are changed in place, without the interpreter's
/// lock.
#[pyclass(frozen, module = "scribe_corruptions._native")]
pub(crate) struct Suite {
    inner: scribe_corruptions::Suite,
}

#[pymethods]
impl Suite {
    #[new]
    #[pyo3(signature = (name, frost_dir = None))]
    fn new(py: Python<'_>, name: &str, frost_dir: Option<PathBuf>) -> PyResult<Suite> {
        let inner = scribe_corruptions::Suite::by_name(name).map_err(|error| refused(&error))?;
        let Some(folder) = frost_dir else { return Ok(Suite { inner }) };
        let pictures = py.detach(|| read_frost_pictures(&folder));
        let pictures = pictures.map_err(|error| PyValueError::new_err(chain(&error)))?;
        let textures = FrostTextures::reference(pictures.into_iter().map(Picture::from).collect());
        Ok(Suite { inner: inner.with_frost(textures.map_err(|error| refused(&error))?) })
    }

    /// The names of the fifteen, and then of the four validation corruptions.
    fn names(&self) -> Vec<&'static str> {
        self.inner.all().map(Corruption::name).collect()
    }

    /// `reference/1`, or `frost-procedural/1` without a folder.
    fn frost_source(&self) -> &'static str {
        self.inner.frost_source()
    }

    /// Corrupts a picture from a seed.
    fn corrupt(
        &self,
        py: Python<'_>,
        mut image: PyReadwriteArray3<'_, u8>,
        corruption_name: &str,
        severity: u8,
        seed: u32,
    ) -> PyResult<()> {
        let job = Job::new(&self.inner, pixels::picture(&mut image)?, corruption_name, severity)?;
        py.detach(|| job.run(&mut Rng::seed(seed)))
    }

    /// Corrupts a picture from a state of NumPy's generator, and returns the state afterwards.
    #[expect(clippy::too_many_arguments, reason = "the state is NumPy's four values")]
    fn corrupt_from_state<'py>(
        &self,
        py: Python<'py>,
        mut image: PyReadwriteArray3<'_, u8>,
        corruption_name: &str,
        severity: u8,
        key: PyReadonlyArray1<'_, u32>,
        pos: usize,
        has_gauss: u8,
        cached_gaussian: f64,
    ) -> PyResult<State<'py>> {
        let job = Job::new(&self.inner, pixels::picture(&mut image)?, corruption_name, severity)?;
        let mut rng = from_state(&key, pos, has_gauss, cached_gaussian)?;
        py.detach(|| job.run(&mut rng))?;
        Ok(state(py, &rng))
    }

    /// Corrupts pictures, each by its own corruption from its own seed, on several threads.
    fn corrupt_many(
        &self,
        py: Python<'_>,
        mut images: Vec<PyReadwriteArray3<'_, u8>>,
        conditions: Vec<(String, u8)>,
        seeds: Vec<u32>,
        threads: usize,
    ) -> PyResult<()> {
        if images.len() != conditions.len() || images.len() != seeds.len() {
            return Err(PyValueError::new_err("as many conditions and seeds as images are expected"));
        }
        let jobs = images.iter_mut().zip(&conditions).zip(seeds).map(|((image, (name, severity)), seed)| {
            Ok((Job::new(&self.inner, pixels::picture(image)?, name, *severity)?, seed))
        });
        let jobs = jobs.collect::<PyResult<Vec<_>>>()?;
        if threads == 1 {
            return jobs.into_iter().try_for_each(|(job, seed)| {
                py.detach(|| job.run(&mut Rng::seed(seed)))?;
                py.check_signals()
            });
        }
        let pool = pool::of(py, threads)?;
        let tasks = jobs.into_iter().map(|(job, seed)| move || job.run(&mut Rng::seed(seed)));
        py.detach(|| each_on(&pool, tasks))
    }
}

/// One picture and what is done to it.
struct Job<'a> {
    picture: PictureMut<'a>,
    corruption: &'a dyn Corruption,
    severity: Severity,
}

impl<'a> Job<'a> {
    /// Called with the interpreter's lock.
    fn new(
        suite: &'a scribe_corruptions::Suite,
        picture: PictureMut<'a>,
        name: &str,
        severity: u8,
    ) -> PyResult<Job<'a>> {
        let corruption = suite.get(name).map_err(|error| refused(&error))?;
        let severity = Severity::new(severity).map_err(|error| refused(&error))?;
        if corruption.implementation() == FrostTextures::procedural().implementation() {
            // The textures are made once. Nobody forks in the meantime: a forked process would wait for a thread that it has not.
            let _ = FrostTextures::procedural().pictures();
        }
        Ok(Job { picture, corruption, severity })
    }

    fn run(self, rng: &mut Rng) -> PyResult<()> {
        let done = self.corruption.apply_in_place(self.picture, self.severity, rng);
        done.map_err(|error| refused(&error))
    }
}
