//! Printed means against the cells that they are means of.

use super::sheet::average;
use super::{Compared, Sheet};

/// Every printed mean whose cells are all printed: of a row's cells, or, in a row of means, of the cells above.
pub(crate) fn means(sheet: &Sheet) -> Vec<Compared> {
    let mut out = Vec::new();
    for (i, line) in sheet.lines.iter().enumerate() {
        if line.holds_means {
            out.extend((0..sheet.conditions.len()).filter_map(|column| down(sheet, i, column)));
        } else if let (Some(printed), Some(cells)) = (line.mean, line.complete()) {
            out.push(compared(sheet, i, format!("{} mean", sheet.measure), printed, &cells));
        }
    }
    out
}

/// A cell of a row of means against the model's cells in the same column.
fn down(sheet: &Sheet, line: usize, column: usize) -> Option<Compared> {
    let model = &sheet.lines[line].model;
    let rows = sheet.lines.iter().filter(|row| row.model == *model && !row.holds_means);
    let cells: Vec<f64> = rows.map(|row| row.cells[column]).collect::<Option<_>>()?;
    let printed = sheet.lines[line].cells[column].filter(|_| !cells.is_empty())?;
    Some(compared(sheet, line, sheet.conditions[column].name.clone(), printed, &cells))
}

fn compared(sheet: &Sheet, line: usize, column: String, printed: f64, cells: &[f64]) -> Compared {
    let (recomputed, slack) = (average(cells), sheet.rounding.cell);
    Compared {
        line,
        column,
        from: format!("its {} cells", cells.len()),
        printed,
        recomputed,
        // All cells may have been rounded the same way.
        possible: [recomputed - slack, recomputed + slack],
        rounding: sheet.rounding.mean,
        is_exact: false,
    }
}
