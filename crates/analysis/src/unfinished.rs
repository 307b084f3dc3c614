//! What an evaluation has not come to.

use crate::view::View;

/// That results are missing, where the evaluation has not finished.
pub(crate) fn unfinished(view: &View) -> Option<String> {
    let (cells, conditions) = (view.holes().len(), view.unfinished_conditions().len());
    if conditions == 0 {
        return None;
    }
    let what = match cells {
        0 => format!(
            "under {conditions} condition{} no picture, or not every draw of the corruptions, was evaluated",
            if conditions == 1 { "" } else { "s" }
        ),
        _ => format!("{cells} cells hold fewer pictures than the set ({conditions} conditions)"),
    };
    Some(format!("INCOMPLETE: {what}; the run did not finish."))
}
