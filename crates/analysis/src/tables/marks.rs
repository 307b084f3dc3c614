//! Marks the cells whose difference to the best of their peers is not established.

use super::{RowKind, Table};
use crate::bootstrap::Resampled;
use crate::summary::{ModeChoice, Quantity, Results};
use crate::verdict::HoldsFor;
use crate::view::View;
use scribe_records::Condition;

/// The mark behind a number.
pub(crate) const NOT_ESTABLISHED: &str = "†";

/// Fills [`Table::not_established`] of Table 1 or Table 2 by the paired bootstrap and adds a note on what the mark means.
///
/// A cell is marked when the interval of (best - it) contains zero, so that the order of the two may be chance. The
/// best cell itself is not marked. `choice` names the modes that Table 1 shows; in Table 2 the columns say it.
pub(crate) fn mark(
    mut table: Table,
    results: &Results<'_>,
    resampled: &Resampled,
    choice: ModeChoice,
) -> Table {
    if resampled.is_empty() || results.view().models.len() < 2 {
        return table;
    }
    let best = table.best();
    let not_established = (0..table.rows.len())
        .map(|i| {
            let cell = |c: usize| {
                let top = table.peers(i).find(|p| best[*p][c]);
                !best[i][c]
                    && top.is_some_and(|top| {
                        is_not_established(&table, results, resampled, choice, (i, top), c)
                    })
            };
            (0..table.columns.len()).map(cell).collect()
        })
        .collect();
    table.not_established = not_established;
    if table.not_established.iter().flatten().any(|o| *o) {
        table.notes.insert(0, format!(
            "{NOT_ESTABLISHED} The difference to the best of its block is not established: its {:.0} % paired bootstrap interval holds zero.{}",
            resampled.level() * 100.0,
            unmarked(results.view())
        ));
    }
    table
}

/// What holds for a cell without a mark, where that is not what a reader would take it for.
fn unmarked(view: &View) -> &'static str {
    match HoldsFor::of(view, &view.models) {
        HoldsFor::ThisPicture => " Where there is no mark, it is established for this picture alone.",
        HoldsFor::TheseTrainings => " Where there is no mark, it is established for these trainings.",
        HoldsFor::TrainingsLikeThese => "",
    }
}

fn is_not_established(
    table: &Table,
    results: &Results<'_>,
    resampled: &Resampled,
    choice: ModeChoice,
    (row, top): (usize, usize),
    column: usize,
) -> bool {
    let (Some(own), Some(best)) = (table.model(row), table.model(top)) else { return false };
    let difference = with_meaning(table, row, column, choice, |choice, quantity| {
        resampled.paired_gap(results.of(best, choice), results.of(own, choice), quantity)
    });
    difference.is_some_and(|difference| !difference.excludes_zero())
}

/// Calls `f` with the modes and the quantity of a cell of Table 1, Table 2 or the table of extra
/// corruptions.
pub(crate) fn with_meaning<T>(
    table: &Table,
    row: usize,
    column: usize,
    choice: ModeChoice,
    f: impl FnOnce(ModeChoice, Quantity<'_>) -> Option<T>,
) -> Option<T> {
    let key = table.columns.get(column)?.key.as_str();
    let line = table.rows.get(row)?;
    if table.stubs.len() == 1 {
        let (choice, quantity) = super::table2::meaning(key)?;
        return f(choice, quantity);
    }
    match key {
        corruption if line.kind == RowKind::Mean => f(choice, Quantity::Corruption(corruption)),
        corruption => {
            let severity = line.stubs.first()?.parse().ok()?;
            f(choice, Quantity::One(&Condition::new(corruption, severity).ok()?))
        }
    }
}
