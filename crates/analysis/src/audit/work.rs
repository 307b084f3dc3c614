//! How much the measures of a layout may ask for.

use super::grid::Grid;
use super::{Layout, Measure};
use crate::error::{Error, Result};

/// The most numbers that all measures have together: as many as the largest table holds, of 64 MiB and two bytes for each.
const MOST_NUMBERS: usize = 1 << 25;
/// The most comparisons of a pattern with a column's name.
const MOST_COMPARISONS: usize = 1 << 27;
/// The numbers of a row besides its cells, and its names.
const BESIDE: usize = 7;

/// Refuses a layout that names the same columns in so many measures that a small table and a small layout ask for more than any
/// table holds.
///
/// # Errors
/// [`Error::Layout`].
pub(super) fn check(grid: &Grid, layout: &Layout) -> Result<()> {
    let wrong = |reason: String| Err(Error::Layout { file: layout.name.clone(), reason });
    let (measures, columns) = (&layout.measures, grid.columns.len());
    let patterns: usize = measures.iter().map(Measure::patterns).sum();
    if patterns.saturating_mul(columns) > MOST_COMPARISONS {
        return wrong(format!(
            "it has {patterns} names of conditions with a `*`, each compared with {columns} columns (expected at most \
             {MOST_COMPARISONS} comparisons); name the columns, or divide the layout"
        ));
    }
    // A name that fits no column is an error of its own, later.
    let cells = |measure: &Measure| grid.conditions(measure).map_or(0, |places| places.len());
    let of_row: usize = measures.iter().map(|measure| cells(measure) + BESIDE).sum();
    let numbers = of_row.saturating_mul(grid.rows());
    if numbers > MOST_NUMBERS {
        return wrong(format!(
            "its {} measures have {numbers} numbers in all; expected at most {MOST_NUMBERS}, as many as the largest table holds: \
             divide the layout, or name fewer columns in each measure",
            measures.len()
        ));
    }
    Ok(())
}
