//! The seed of one corrupted picture.

use crate::errors::refused;
use pyo3::prelude::*;
use scribe_corruptions::{Severity, Suite};
use std::sync::LazyLock;

/// Knows every name.
static SUITE: LazyLock<Suite> = LazyLock::new(Suite::imagecorruptions);

/// The seed of a picture under a condition: the one that `scribe eval` and `scribe corrupt-set` use. A name that there is not
/// is refused, since it would have a seed as well.
#[pyfunction]
pub(crate) fn seed_for(
    master_seed: u64,
    image_id: &str,
    corruption_name: &str,
    severity: u8,
) -> PyResult<u32> {
    SUITE.get(corruption_name).map_err(|error| refused(&error))?;
    let severity = Severity::new(severity).map_err(|error| refused(&error))?;
    Ok(scribe_corruptions::seed_for(master_seed, image_id, corruption_name, severity))
}
