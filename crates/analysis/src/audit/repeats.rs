//! Rows that hold the same cells as a row before.

use super::{Finding, Kind, Sheet};

/// Fewer equal cells than this may be a coincidence.
const LEAST: usize = 3;

/// Pairs of rows with the same cells, each row with the first that it repeats.
pub(super) fn repeats(sheet: &Sheet) -> Vec<(usize, usize)> {
    let complete = |i: usize| sheet.lines[i].complete().filter(|cells| cells.len() >= LEAST);
    let same = |first: usize, later: usize| {
        !sheet.lines[first].holds_means && complete(later).is_some_and(|cells| Some(cells) == complete(first))
    };
    let rows = (0..sheet.lines.len()).filter(|later| !sheet.lines[*later].holds_means);
    rows.filter_map(|later| Some(((0..later).find(|first| same(*first, later))?, later))).collect()
}

/// What to say of a pair. A model that is printed twice with the same cells is no fault.
pub(super) fn finding(sheet: &Sheet, (first, later): (usize, usize)) -> Finding {
    let (one, two) = (&sheet.lines[first], &sheet.lines[later]);
    let (kind, then) = if one.model == two.model && one.severity == two.severity {
        (Kind::Note, "the row is printed twice".to_owned())
    } else if one.model == two.model {
        (Kind::Suspect, "at most one of the two severities was measured".to_owned())
    } else {
        (Kind::Suspect, format!("those of {}; at most one of the two rows is right", one.model))
    };
    let text = format!("all {} cells are the same as in {}: {then}", two.cells.len(), one.place);
    Finding::new(kind, &two.place, text).of(&two.model, &sheet.measure)
}
