//! Which Python exception a refused request becomes.

use pyo3::PyErr;
use pyo3::exceptions::{PyAttributeError, PyKeyError, PyValueError};
use scribe_corruptions::Error;

/// The exceptions of `imagecorruptions` where it has one: `KeyError` for an unknown name, `AttributeError` for a picture or
/// a severity. Everything else is a `ValueError`.
pub(crate) fn refused(error: &Error) -> PyErr {
    let text = error.to_string();
    match error {
        Error::UnknownCorruption { .. } => PyKeyError::new_err(text),
        Error::Severity { .. } | Error::Size { .. } | Error::Buffer { .. } => PyAttributeError::new_err(text),
        _ => PyValueError::new_err(text),
    }
}
