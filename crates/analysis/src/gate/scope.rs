//! What the numbers of a gate are taken over, in words: in which modes, and how much of the corrupted conditions.

use super::subject::Subject;
use crate::names::COLUMNS;
use crate::summary::Quantity;
use crate::view::View;
use scribe_records::Mode;
use std::collections::BTreeSet;

/// The modes of some numbers: `single`, `average of single and msc`, or each of several choices.
pub(super) fn modes<'s>(subjects: impl Iterator<Item = &'s Subject>) -> String {
    let choices: BTreeSet<&[Mode]> = subjects.map(|subject| subject.modes.as_slice()).collect();
    let words = |modes: &[Mode]| {
        let names: Vec<String> = modes.iter().map(ToString::to_string).collect();
        let average = if names.len() > 1 { "average of " } else { "" };
        format!("{average}{}", crate::format::list(&names))
    };
    choices.into_iter().filter(|modes| !modes.is_empty()).map(words).collect::<Vec<_>>().join(" or ")
}

/// How many of the conditions of the paper's table `corrupted` is the mean of; `None` where it is all of them, or none.
pub(super) fn partly_corrupted(view: &View) -> Option<String> {
    let conditions = Quantity::Cor.conditions(view);
    let corruptions: BTreeSet<&str> = conditions.iter().map(|c| c.corruption.as_str()).collect();
    let all = COLUMNS.len();
    (!conditions.is_empty() && conditions.len() < 5 * all).then(|| {
        format!(
            "corrupted over {} of {all} corruptions ({} of {} conditions)",
            corruptions.len(),
            conditions.len(),
            5 * all
        )
    })
}
