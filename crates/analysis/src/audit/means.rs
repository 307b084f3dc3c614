//! Printed means against the cells that they are means of.

use super::sheet::average;
use super::{Compared, Line, Sheet};
use std::collections::HashMap;

/// Every printed mean whose cells are all printed: of a row's cells, or, in a row of means, of the cells above.
pub(crate) fn means(sheet: &Sheet) -> Vec<Compared> {
    let means: HashMap<&str, Vec<Option<Mean>>> = sheet
        .rows_by_model()
        .into_iter()
        .map(|(model, rows)| (model, (0..sheet.conditions.len()).map(|column| down(&rows, column)).collect()))
        .collect();
    let mut out = Vec::new();
    for (i, line) in sheet.lines.iter().enumerate() {
        if line.holds_means {
            let columns = means.get(line.model.as_str()).into_iter().flatten();
            for ((condition, printed), mean) in sheet.conditions.iter().zip(&line.cells).zip(columns) {
                if let (Some(printed), Some(mean)) = (printed, mean) {
                    out.push(compared(sheet, i, condition.name.clone(), *printed, *mean));
                }
            }
        } else if let (Some(printed), Some(cells)) = (line.mean, line.complete()) {
            let mean = (average(&cells), cells.len());
            out.push(compared(sheet, i, format!("{} mean", sheet.measure), printed, mean));
        }
    }
    out
}

/// A mean of cells, and how many they are.
type Mean = (f64, usize);

/// The mean of a model's cells in one column, if all of them are printed.
fn down(rows: &[&Line], column: usize) -> Option<Mean> {
    let cells: Vec<f64> = rows.iter().map(|row| row.cells[column]).collect::<Option<_>>()?;
    Some((average(&cells), cells.len()))
}

fn compared(sheet: &Sheet, line: usize, column: String, printed: f64, (recomputed, cells): Mean) -> Compared {
    let slack = sheet.rounding.cell;
    Compared {
        line,
        column,
        from: format!("its {cells} cells"),
        printed,
        recomputed,
        // All cells may have been rounded the same way.
        possible: [recomputed - slack, recomputed + slack],
        rounding: sheet.rounding.mean,
        is_exact: false,
    }
}
