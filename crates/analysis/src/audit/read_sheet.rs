//! Reads one measure out of a table's fields.

use super::grid::Grid;
use super::number::printed;
use super::read_names::{SEVERITIES, read_names};
use super::{Condition, Layout, Line, Measure, Rounding, Sheet};
use crate::error::Result;

/// A column of numbers with the digits behind the point of the longest: a spreadsheet drops zeros at the end.
struct Numbers {
    values: Vec<Option<f64>>,
    decimals: usize,
}

/// Reads the columns of a measure.
///
/// # Errors
/// [`crate::Error::Table`] when a column is missing, no column fits a condition, a number or severity cannot be read, or a
/// model has a severity twice.
pub(super) fn read_sheet(grid: &Grid, layout: &Layout, measure: &Measure) -> Result<Sheet> {
    let mut lines = read_names(grid, layout)?;
    let places = grid.conditions(measure).map_err(|name| {
        grid.no_column(&format!("no column fits `{name}`, which the layout names among the conditions"), name)
    })?;
    let comma = layout.decimal_comma;
    let mut decimals = 0;
    for place in &places {
        let column = numbers(grid, *place, comma, |i| !lines[i].holds_means)?;
        decimals = decimals.max(column.decimals);
        for (line, value) in lines.iter_mut().zip(column.values) {
            line.cells.reserve_exact(places.len() - line.cells.len());
            line.cells.push(value);
        }
    }
    let mut rounding =
        Rounding { cell: layout.cell_rounding.unwrap_or(half_digit(decimals)), ..Rounding::default() };
    roles(grid, measure, comma, &mut lines, &mut rounding)?;
    if layout.mean_row.is_some() {
        rounding.mean = rounding.mean.max(half_digit(mean_row_decimals(grid, &places, comma, &lines)?));
    }
    let mark = layout.severity_mark.as_deref();
    let conditions = places.iter().map(|place| condition(grid, *place, mark)).collect::<Result<_>>()?;
    Ok(Sheet { measure: measure.name.clone(), conditions, lines, rounding, full: layout.full, decimals })
}

/// Fills in every number that is no cell.
fn roles(
    grid: &Grid,
    measure: &Measure,
    comma: bool,
    lines: &mut [Line],
    rounding: &mut Rounding,
) -> Result<()> {
    type Slot = fn(&mut Line) -> &mut Option<f64>;
    let roles: [(&Option<String>, Slot, &mut f64); 6] = [
        (&measure.clean, |line| &mut line.clean, &mut rounding.clean),
        (&measure.mean, |line| &mut line.mean, &mut rounding.mean),
        (&measure.minimum, |line| &mut line.minimum, &mut rounding.minimum),
        (&measure.rpc, |line| &mut line.rpc, &mut rounding.rpc),
        (&measure.mce, |line| &mut line.mce, &mut rounding.mce),
        (&measure.cd, |line| &mut line.cd, &mut rounding.cd),
    ];
    for (name, slot, rounding) in roles {
        let Some(name) = name else { continue };
        let column = numbers(grid, grid.column(name)?, comma, |_| true)?;
        *rounding = half_digit(column.decimals);
        for (line, value) in lines.iter_mut().zip(column.values) {
            *slot(line) = value;
        }
    }
    Ok(())
}

fn numbers(grid: &Grid, place: usize, comma: bool, counts: impl Fn(usize) -> bool) -> Result<Numbers> {
    let mut out = Numbers { values: Vec::with_capacity(grid.rows()), decimals: 0 };
    for i in 0..grid.rows() {
        let text = grid.field(i, place);
        let number = printed(text, comma).map_err(|expected| {
            grid.wrong(&grid.place(i), format!("{} is `{text}`; {expected}", grid.columns[place]))
        })?;
        out.values.push(number.map(|n| n.value));
        out.decimals = out.decimals.max(number.filter(|_| counts(i)).map_or(0, |n| n.decimals));
    }
    Ok(out)
}

/// The digits of the rows that hold means; their numbers were read before, so they can be read.
fn mean_row_decimals(grid: &Grid, places: &[usize], comma: bool, lines: &[Line]) -> Result<usize> {
    let mut decimals = 0;
    for place in places {
        decimals = decimals.max(numbers(grid, *place, comma, |i| lines[i].holds_means)?.decimals);
    }
    Ok(decimals)
}

/// A column of cells. A name that does not end in the mark and a number is a corruption without a severity.
fn condition(grid: &Grid, place: usize, mark: Option<&str>) -> Result<Condition> {
    let name = grid.columns[place].as_str();
    let parts = mark.and_then(|mark| name.rsplit_once(mark));
    let found: Option<(&str, u32)> =
        parts.and_then(|(corruption, text)| Some((corruption, text.parse().ok()?)));
    let (corruption, severity) = found.map_or((name, None), |(corruption, s)| (corruption, Some(s)));
    if severity.is_some_and(|severity| !SEVERITIES.contains(&severity)) {
        let reason = format!("the severity of `{name}` is none; expected 1 to 5 behind the `severity_mark`");
        return Err(grid.wrong("head", reason));
    }
    Ok(Condition { name: name.to_owned(), corruption: corruption.to_owned(), severity })
}

fn half_digit(decimals: usize) -> f64 {
    0.5 * 10f64.powi(-i32::try_from(decimals).unwrap_or(i32::MAX))
}
