//! Pictures that an evaluation has not come to.

use crate::view::View;

/// That pictures are missing, where the evaluation has not finished.
pub(crate) fn unfinished(view: &View) -> Option<String> {
    let cells = view.holes().len();
    (cells > 0).then(|| {
        format!(
            "INCOMPLETE: {cells} cells hold fewer pictures than the set ({} conditions); the run did not finish.",
            view.unfinished_conditions().len()
        )
    })
}
