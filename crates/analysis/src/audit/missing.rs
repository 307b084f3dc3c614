//! Rows with empty cells.

use super::{Finding, Kind, Sheet};

/// One note for each row with empty cells: what is made of them cannot be recomputed.
pub(super) fn missing(sheet: &Sheet) -> impl Iterator<Item = Finding> {
    let empty = |cells: &[Option<f64>]| cells.iter().filter(|cell| cell.is_none()).count();
    let rows = sheet.lines.iter().map(move |line| (line, empty(&line.cells)));
    rows.filter(|(_, empty)| *empty > 0).map(|(line, empty)| {
        let text =
            format!("{empty} of {} cells are empty: what is made of them is not checked", line.cells.len());
        Finding::new(Kind::Note, &line.place, text).of(&line.model, &sheet.measure)
    })
}
