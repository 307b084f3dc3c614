//! Marks the cells whose difference to the best of their peers is not established.

use super::{RowKind, Table};
use crate::bootstrap::Resampled;
use crate::summary::{Cells, Over, Results};
use scribe_records::Condition;

/// The mark behind a number.
pub(crate) const OPEN: &str = "†";

/// Fills [`Table::open`] of Table 1 or Table 2 by the paired bootstrap and adds a note on what the mark means.
///
/// A cell is marked when the interval of (best - it) contains zero, so that the order of the two may be chance. The
/// best cell itself is not marked. `cells` is the kind of results that Table 1 shows; in Table 2 the columns say it.
pub(crate) fn mark(mut table: Table, results: &Results<'_>, resampled: &Resampled, cells: Cells) -> Table {
    if resampled.is_empty() || results.view().models.len() < 2 {
        return table;
    }
    let best = table.best();
    let open = (0..table.rows.len())
        .map(|i| {
            let cell = |c: usize| {
                let top = table.peers(i).find(|p| best[*p][c]);
                !best[i][c] && top.is_some_and(|top| is_open(&table, results, resampled, cells, (i, top), c))
            };
            (0..table.columns.len()).map(cell).collect()
        })
        .collect();
    table.open = open;
    if table.open.iter().flatten().any(|o| *o) {
        table.notes.insert(0, format!(
            "{OPEN} The difference to the best of its block is not established: its {:.0} % paired bootstrap interval holds zero.",
            resampled.level() * 100.0
        ));
    }
    table
}

fn is_open(
    table: &Table,
    results: &Results<'_>,
    resampled: &Resampled,
    cells: Cells,
    (row, top): (usize, usize),
    column: usize,
) -> bool {
    let (Some(own), Some(best)) = (table.model(row), table.model(top)) else { return false };
    let gap = with_meaning(table, row, column, cells, |cells, over| {
        resampled.paired_gap(results.of(best, cells), results.of(own, cells), over)
    });
    gap.is_some_and(|gap| !gap.excludes_zero())
}

/// Calls `f` with the kind of results and the conditions of a cell of Table 1, Table 2 or the table of extra
/// corruptions.
pub(crate) fn with_meaning<T>(
    table: &Table,
    row: usize,
    column: usize,
    cells: Cells,
    f: impl FnOnce(Cells, Over<'_>) -> Option<T>,
) -> Option<T> {
    let key = table.columns.get(column)?.key.as_str();
    let line = table.rows.get(row)?;
    if table.stubs.len() == 1 {
        let (cells, over) = super::table2::meaning(key)?;
        return f(cells, over);
    }
    match key {
        corruption if line.kind == RowKind::Mean => f(cells, Over::Corruption(corruption)),
        corruption => {
            let severity = line.stubs.first()?.parse().ok()?;
            f(cells, Over::One(&Condition::new(corruption, severity).ok()?))
        }
    }
}
