//! The sentence on calibration.

use super::verdict::word;
use crate::contents::Contents;
use crate::figures::at_severity;
use crate::format::{fixed, list, range, signed_end};
use crate::measures::Measure;
use crate::verdict::HoldsFor;
use scribe_records::ModelId;

/// Every model's calibration error, clean and at the highest severity.
pub(super) fn calibration(contents: &Contents<'_>) -> Option<String> {
    let models = &contents.view.models;
    let parts: Vec<String> = models.iter().filter_map(|model| part(contents, model)).collect();
    (!parts.is_empty()).then(|| {
        format!(
            "Expected calibration error of the softmax (0 to 1), from clean to the highest severity: {}.",
            list(&parts)
        )
    })
}

/// "IBE from 0.03 to 0.13".
fn part(contents: &Contents<'_>, model: &ModelId) -> Option<String> {
    let at = |severity| {
        let conditions = at_severity(contents.view, severity);
        let found = contents.measured.mean(model, &contents.structure_mode, &conditions, Measure::Ece)?;
        Some(fixed(found.value, 3))
    };
    let highest = (1..=5).rev().find_map(at)?;
    Some(format!("{} from {} to {highest}", contents.view.title(model), at(0)?))
}

/// How the calibration errors of two models differ, clean and at the highest severity, for the sentence that compares them.
pub(super) fn difference(contents: &Contents<'_>, (a, b): (&ModelId, &ModelId)) -> Option<String> {
    let holds = HoldsFor::of(contents.view, [a, b]);
    let at = |severity| {
        let conditions = at_severity(contents.view, severity);
        let gap = contents.measured.gap((a, b), &contents.structure_mode, &conditions, Measure::Ece)?;
        let word = word(&gap, holds);
        let edge = if gap.near_edge() { ", near the edge" } else { "" };
        Some(format!("{} ({}, {word}{edge})", signed_end(gap.value, 3), range(&gap, 1.0, 3)))
    };
    let (clean, highest) = (at(0)?, (1..=5).rev().find_map(at)?);
    Some(format!(
        " Its expected calibration error differs by {clean} on clean pictures and by {highest} at the highest severity; lower is \
         better."
    ))
}
