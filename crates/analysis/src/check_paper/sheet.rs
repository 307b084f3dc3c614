//! The printed Table 1 in the form in which any table is audited.

use super::TOLERANCE;
use crate::audit::{Condition, Line, Rounding, Sheet};
use crate::names::{COLUMNS, MODELS};
use crate::reference::{CELL_ROUNDING, PrintedTable1};

/// Each model's five severities and its row of means, models in the order of [`MODELS`].
pub(super) fn sheet(printed: &PrintedTable1) -> Sheet {
    let mut lines = Vec::with_capacity(18);
    for (m, model) in MODELS.iter().enumerate() {
        let line = |cells: &[f64; 15], severity: Option<u32>| Line {
            model: (*model).to_owned(),
            cells: cells.iter().copied().map(Some).collect(),
            holds_means: severity.is_none(),
            severity,
            ..Line::default()
        };
        lines.extend(printed.cells[m].iter().zip(1..).map(|(cells, severity)| line(cells, Some(severity))));
        lines.push(line(&printed.mean[m], None));
    }
    let condition =
        |name: &str| Condition { name: name.to_owned(), corruption: name.to_owned(), severity: None };
    Sheet {
        measure: "mIoU".to_owned(),
        conditions: COLUMNS.iter().map(|column| condition(column.name)).collect(),
        lines,
        rounding: Rounding { cell: CELL_ROUNDING, mean: TOLERANCE, ..Rounding::default() },
        full: 100.0,
        decimals: 1,
    }
}
