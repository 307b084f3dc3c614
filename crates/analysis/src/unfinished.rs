//! What an evaluation has not come to.

use crate::view::{Cell, View};
use scribe_records::Condition;
use std::collections::BTreeSet;

impl View {
    /// The cells that have fewer pictures than the view, with their number of pictures.
    pub(crate) fn holes(&self) -> Vec<(&Cell, usize)> {
        let full = self.images.len();
        self.per_image.iter().filter(|(_, v)| v.len() != full).map(|(c, v)| (c, v.len())).collect()
    }

    /// The conditions under which an evaluation that did not finish lacks results: those of [`View::unfinished`], and those
    /// under which some series has results of fewer pictures than the set has.
    pub fn unfinished_conditions(&self) -> BTreeSet<&Condition> {
        self.holes().into_iter().map(|(cell, _)| &cell.condition).chain(&self.unfinished).collect()
    }

    /// How many pictures have results, of a view whose results are known picture by picture; of another one all have.
    pub(crate) fn pictures_with_results(&self) -> usize {
        self.per_image
            .values()
            .map(Vec::len)
            .max()
            .map_or(self.images.len(), |most| most.min(self.images.len()))
    }
}

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
