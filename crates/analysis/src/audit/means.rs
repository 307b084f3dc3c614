//! Printed means against the cells that they are means of.

use super::sheet::average;
use super::{Compared, Line, Sheet};
use std::collections::HashMap;

/// Every printed mean whose cells are all printed: of a row's cells, or, in a row of means, of the cells above.
pub(crate) fn means(sheet: &Sheet) -> impl Iterator<Item = Compared> {
    // Without rows of means none of these is asked for.
    let has_means = sheet.lines.iter().any(|line| line.holds_means);
    let rows = if has_means { sheet.rows_by_model() } else { HashMap::new() };
    let means: HashMap<&str, Vec<Option<Mean>>> = rows
        .into_iter()
        .map(|(model, rows)| (model, (0..sheet.conditions.len()).map(|column| down(&rows, column)).collect()))
        .collect();
    sheet.lines.iter().enumerate().flat_map(move |(i, line)| {
        if line.holds_means {
            of_columns(sheet, i, means.get(line.model.as_str()).map_or(&[], Vec::as_slice))
        } else {
            of_row(sheet, i).into_iter().collect()
        }
    })
}

/// The means that a row of means prints, beside those of each column.
fn of_columns(sheet: &Sheet, i: usize, means: &[Option<Mean>]) -> Vec<Compared> {
    let printed = sheet.conditions.iter().zip(&sheet.lines[i].cells);
    let both = printed.zip(means).filter_map(|((condition, printed), mean)| {
        Some(compared(sheet, i, condition.name.clone(), (*printed)?, (*mean)?))
    });
    both.collect()
}

/// The mean that a row prints of its own cells.
fn of_row(sheet: &Sheet, i: usize) -> Option<Compared> {
    let line = &sheet.lines[i];
    let (printed, cells) = (line.mean?, line.complete()?);
    let mean = (average(&cells), cells.len());
    Some(compared(sheet, i, format!("{} mean", sheet.measure), printed, mean))
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
