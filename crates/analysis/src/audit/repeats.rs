//! Rows that hold the same cells as a row before.

use super::{Finding, Kind, Sheet};
use scribe_base::excerpt;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Fewer equal cells than this may be a coincidence.
const LEAST: usize = 3;

/// Pairs of rows with the same cells, each row with the first that it repeats.
pub(super) fn repeats(sheet: &Sheet) -> Vec<(usize, usize)> {
    let mut first: HashMap<Vec<u64>, usize> = HashMap::new();
    let mut out = Vec::new();
    for (i, line) in sheet.lines.iter().enumerate().filter(|(_, line)| !line.holds_means) {
        let Some(cells) = line.complete().filter(|cells| cells.len() >= LEAST) else { continue };
        // Zero is the only number with two patterns of bits.
        let bits = cells.iter().map(|cell| (cell + 0.0).to_bits()).collect();
        match first.entry(bits) {
            Entry::Occupied(before) => out.push((*before.get(), i)),
            Entry::Vacant(place) => drop(place.insert(i)),
        }
    }
    out
}

/// What to say of a pair. A model that is printed twice with the same cells is no fault.
pub(super) fn finding(sheet: &Sheet, (first, later): (usize, usize)) -> Finding {
    let (one, two) = (&sheet.lines[first], &sheet.lines[later]);
    let (kind, then) = if one.model == two.model && one.severity == two.severity {
        (Kind::Note, "the row is printed twice".to_owned())
    } else if one.model == two.model {
        (Kind::Suspect, "at most one of the two severities was measured".to_owned())
    } else {
        (Kind::Suspect, format!("those of {}; at most one of the two rows is right", excerpt::of(&one.model)))
    };
    let text = format!("all {} cells are the same as in {}: {then}", two.cells.len(), one.place);
    Finding::new(kind, &two.place, text).of(&two.model, &sheet.measure)
}
