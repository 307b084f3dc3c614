//! The generator behind the corruptions, to be compared with NumPy's own.

use crate::errors::refused;
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use scribe_corruptions::{Poisson, Rng, RngState};

/// The most values of one call: those of a picture of the largest size.
const MOST: usize = 1 << 27;

/// NumPy's legacy generator as its `get_state` gives it: key, position, whether a normal number is kept, that number.
pub(crate) type State<'py> = (Bound<'py, PyArray1<u32>>, usize, u8, f64);

/// A generator from what NumPy's `get_state` gave.
pub(crate) fn from_state(
    key: &PyReadonlyArray1<'_, u32>,
    pos: usize,
    has_gauss: u8,
    cached_gaussian: f64,
) -> PyResult<Rng> {
    let key = key.as_slice()?.try_into();
    let key = key.map_err(|_| PyValueError::new_err("a key of MT19937 has 624 words"))?;
    let gauss = (has_gauss != 0).then_some(cached_gaussian);
    Rng::from_state(&RngState { key, pos, gauss }).map_err(|error| refused(&error))
}

/// What NumPy's `set_state` takes.
pub(crate) fn state<'py>(py: Python<'py>, rng: &Rng) -> State<'py> {
    let RngState { key, pos, gauss } = rng.state();
    (key.to_vec().into_pyarray(py), pos, u8::from(gauss.is_some()), gauss.unwrap_or(0.0))
}

/// So many values.
///
/// # Errors
/// There are too many of them.
fn drawn<T>(size: usize, draw: impl FnMut() -> T) -> PyResult<Vec<T>> {
    if size > MOST {
        return Err(PyValueError::new_err(format!("size={size}: expected at most {MOST}")));
    }
    Ok(std::iter::repeat_with(draw).take(size).collect())
}

/// The generator of the corruptions, with the methods of `numpy.random.RandomState` that they draw by. It is here for
/// the tests: scripts use NumPy's.
#[pyclass(module = "scribe_corruptions._native")]
pub(crate) struct Generator {
    rng: Rng,
}

#[pymethods]
impl Generator {
    #[new]
    fn new(seed: u32) -> Generator {
        Generator { rng: Rng::seed(seed) }
    }

    fn random_sample(&mut self, size: usize) -> PyResult<Vec<f64>> {
        drawn(size, || self.rng.double())
    }

    fn standard_normal(&mut self, size: usize) -> PyResult<Vec<f64>> {
        drawn(size, || self.rng.gauss())
    }

    fn poisson(&mut self, lam: f64, size: usize) -> PyResult<Vec<u64>> {
        if !(0.0..=Poisson::MAX_MEAN).contains(&lam) {
            return Err(PyValueError::new_err("lam < 0, lam is NaN, or lam value too large"));
        }
        let poisson = Poisson::new(lam);
        drawn(size, || poisson.sample(&mut self.rng))
    }

    fn randint(&mut self, low: i32, high: i32, size: usize) -> PyResult<Vec<i32>> {
        if low >= high {
            return Err(PyValueError::new_err("low >= high"));
        }
        drawn(size, || self.rng.randint(low, high))
    }

    fn words(&mut self, size: usize) -> PyResult<Vec<u32>> {
        drawn(size, || self.rng.next_u32())
    }

    fn get_state<'py>(&self, py: Python<'py>) -> State<'py> {
        state(py, &self.rng)
    }

    fn set_state(
        &mut self,
        key: PyReadonlyArray1<'_, u32>,
        pos: usize,
        has_gauss: u8,
        cached_gaussian: f64,
    ) -> PyResult<()> {
        self.rng = from_state(&key, pos, has_gauss, cached_gaussian)?;
        Ok(())
    }
}
