//! Which Python exception a refused request becomes.

use pyo3::PyErr;
use pyo3::exceptions::{PyAttributeError, PyKeyError, PyRuntimeError, PyValueError};
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

/// A request that cannot be fulfilled, with everything that its error says.
pub(crate) fn wrong(error: &dyn std::error::Error) -> PyErr {
    PyValueError::new_err(chain(error))
}

/// What a store refuses: `RuntimeError` where another process holds it open, `ValueError` otherwise.
pub(crate) fn of_store(error: &scribe_records::Error) -> PyErr {
    match error {
        scribe_records::Error::InUse { .. } => PyRuntimeError::new_err(chain(error)),
        _ => wrong(error),
    }
}

/// An error and its sources in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!(": {cause}");
        source = cause.source();
    }
    text
}
