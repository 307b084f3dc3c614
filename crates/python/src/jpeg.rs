//! JPEG files as arrays.

use numpy::{IntoPyArray, PyArray3, PyArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use scribe_jpeg::{Limits, decode};

/// The pixels of a JPEG file's bytes, height x width x 3, red first: those of libjpeg-turbo.
#[pyfunction]
pub(crate) fn decode_jpeg<'py>(
    py: Python<'py>,
    data: &[u8],
    max_pixels: u64,
) -> PyResult<Bound<'py, PyArray3<u8>>> {
    let decoded = py.detach(|| decode(data, Limits { max_pixels }));
    let decoded = decoded.map_err(|error| PyValueError::new_err(error.to_string()))?;
    decoded.pixels.into_pyarray(py).reshape([decoded.height as usize, decoded.width as usize, 3])
}
