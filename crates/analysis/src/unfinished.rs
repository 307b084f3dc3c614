//! Pictures that an evaluation has not come to.

use crate::view::View;
use std::collections::BTreeSet;

/// That pictures are missing, where the evaluation has not finished.
pub(crate) fn unfinished(view: &View) -> Option<String> {
    let holes = view.holes();
    let conditions: BTreeSet<String> = holes.iter().map(|(cell, _)| cell.condition.to_string()).collect();
    (!holes.is_empty()).then(|| {
        format!(
            "INCOMPLETE: {} cells hold fewer pictures than the set ({} conditions); the run did not finish.",
            holes.len(),
            conditions.len()
        )
    })
}
