//! Rows in which nothing was measured: most cells are one number.

use super::{Finding, Kind, Sheet};
use std::collections::HashMap;

/// Rows with fewer cells are not judged.
const LEAST: usize = 4;

/// Rows in which one number fills at least half of the cells.
pub(super) fn dead(sheet: &Sheet) -> Vec<usize> {
    (0..sheet.lines.len()).filter(|i| commonest(sheet, *i).is_some_and(|(_, n, of)| n * 2 >= of)).collect()
}

/// What to say of such a row.
pub(super) fn finding(sheet: &Sheet, line: usize) -> Finding {
    let row = &sheet.lines[line];
    let (value, n, of) = commonest(sheet, line).unwrap_or_default();
    let text = format!(
        "{n} of {of} cells are {value:.*}: a network that answers the same under every condition is not at work",
        sheet.decimals
    );
    Finding::new(Kind::Suspect, &row.place, text).of(&row.model, &sheet.measure)
}

/// The commonest number of a row, how often it is there, and among how many cells.
fn commonest(sheet: &Sheet, line: usize) -> Option<(f64, usize, usize)> {
    let row = &sheet.lines[line];
    let cells = row.complete().filter(|cells| cells.len() >= LEAST && !row.holds_means)?;
    // A table may have many thousands of columns: no cell is looked for among all.
    let mut times: HashMap<u64, usize> = HashMap::new();
    cells.iter().for_each(|cell| *times.entry(cell.to_bits()).or_default() += 1);
    let value = cells.iter().copied().max_by_key(|value| times[&value.to_bits()])?;
    Some((value, times[&value.to_bits()], cells.len()))
}
