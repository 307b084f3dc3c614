//! The compiled half of the Python package `scribe_corruptions`; the half that users see is in `python/`.

mod errors;
mod evaluator;
mod generator;
mod jpeg;
mod pixels;
mod pool;
mod seed;
mod suite;
mod tasks;

use pyo3::prelude::*;

/// What only compiled code can do for the package; its users call `scribe_corruptions`.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("MAX_PIXELS", scribe_dataset::Limits::DEFAULT_PIXELS)?;
    module.add_class::<suite::Suite>()?;
    module.add_class::<evaluator::Evaluator>()?;
    module.add_class::<generator::Generator>()?;
    module.add_function(wrap_pyfunction!(jpeg::decode_jpeg, module)?)?;
    module.add_function(wrap_pyfunction!(seed::seed_for, module)?)?;
    Ok(())
}
