//! Cells above the clean score of their row.

use super::listed::listed;
use super::{Finding, Kind, Line, Sheet};
use scribe_base::excerpt;

/// One finding for each row with such cells: a few may be true, but if their mean is above the clean score, that score or
/// the cells are another model's.
pub(super) fn above_clean(sheet: &Sheet) -> impl Iterator<Item = Finding> {
    sheet.lines.iter().filter(|line| !line.holds_means).filter_map(|line| of_row(sheet, line))
}

fn of_row(sheet: &Sheet, line: &Line) -> Option<Finding> {
    let (digits, clean) = (sheet.decimals, line.clean?);
    let cells = sheet.conditions.iter().zip(&line.cells);
    let above: Vec<String> = cells
        .filter_map(|(condition, cell)| Some((condition, cell.filter(|cell| *cell > clean)?)))
        .map(|(condition, cell)| format!("{} {cell:.digits$}", excerpt::of(&condition.name)))
        .collect();
    if above.is_empty() {
        return None;
    }
    let (n, of, list) = (above.len(), line.cells.len(), listed(&above));
    let (kind, text) = match line.cell_mean().filter(|mean| *mean > clean) {
        Some(mean) => {
            let text = format!(
                "the cells average {mean:.digits$}, more than the clean score {clean:.digits$}; {n} of {of} are above it: {list}"
            );
            (Kind::Suspect, text)
        }
        None => (Kind::Note, format!("{n} of {of} cells are above the clean score {clean:.digits$}: {list}")),
    };
    Some(Finding::new(kind, &line.place, text).of(&line.model, &sheet.measure))
}
