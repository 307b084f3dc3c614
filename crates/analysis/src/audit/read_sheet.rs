//! Reads one measure out of a table's fields.

use super::grid::Grid;
use super::number::printed;
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
/// [`crate::Error::Table`] when a column is missing, a number or severity cannot be read, or no column is a condition
/// although the measure names some.
pub(super) fn read_sheet(grid: &Grid, layout: &Layout, measure: &Measure) -> Result<Sheet> {
    let mut lines = names(grid, layout)?;
    let places = measure.condition_places(&grid.columns);
    if places.is_empty() && !measure.conditions.is_empty() {
        let reason =
            format!("no column is one of {:?}; it has {}", measure.conditions, grid.columns.join(", "));
        return Err(grid.wrong("head", reason));
    }
    let comma = layout.decimal_comma;
    let mut decimals = 0;
    for place in &places {
        let column = numbers(grid, *place, comma, |i| !lines[i].holds_means)?;
        decimals = decimals.max(column.decimals);
        for (line, value) in lines.iter_mut().zip(column.values) {
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
    let conditions = places.iter().map(|place| condition(&grid.columns[*place], mark)).collect();
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

/// The rows with their names and severities, without numbers.
fn names(grid: &Grid, layout: &Layout) -> Result<Vec<Line>> {
    let places = |names: &[String]| names.iter().map(|name| grid.column(name)).collect::<Result<Vec<_>>>();
    let (model, group) = (places(&layout.model)?, places(&layout.group)?);
    let severity = layout.severity.as_ref().map(|name| grid.column(name)).transpose()?;
    let mut out = Vec::with_capacity(grid.rows.len());
    for (place, fields) in &grid.rows {
        let joined =
            |places: &[usize]| places.iter().map(|i| fields[*i].as_str()).collect::<Vec<_>>().join(" ");
        let mut line =
            Line { place: place.clone(), model: joined(&model), group: joined(&group), ..Line::default() };
        if let Some(column) = severity {
            let text = fields[column].as_str();
            line.holds_means = layout.mean_row.as_deref() == Some(text);
            if !line.holds_means {
                let number = text.parse().map_err(|_| {
                    let mean_row = layout.mean_row.as_ref().map_or(String::new(), |m| format!(" or `{m}`"));
                    grid.wrong(place, format!("severity `{text}`; expected a whole number{mean_row}"))
                })?;
                line.severity = Some(number);
            }
        }
        out.push(line);
    }
    Ok(out)
}

fn numbers(grid: &Grid, place: usize, comma: bool, counts: impl Fn(usize) -> bool) -> Result<Numbers> {
    let mut out = Numbers { values: Vec::with_capacity(grid.rows.len()), decimals: 0 };
    for (i, (row, fields)) in grid.rows.iter().enumerate() {
        let number = printed(&fields[place], comma).map_err(|expected| {
            grid.wrong(row, format!("{} is `{}`; {expected}", grid.columns[place], fields[place]))
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

/// A name that does not end in the mark and a severity is a corruption without one.
fn condition(name: &str, mark: Option<&str>) -> Condition {
    let parts = mark.and_then(|mark| name.rsplit_once(mark));
    let found = parts.and_then(|(corruption, text)| Some((corruption, text.parse().ok()?)));
    match found {
        Some((corruption, severity)) => {
            Condition { name: name.to_owned(), corruption: corruption.to_owned(), severity: Some(severity) }
        }
        None => Condition { name: name.to_owned(), corruption: name.to_owned(), severity: None },
    }
}

fn half_digit(decimals: usize) -> f64 {
    0.5 * 10f64.powi(-i32::try_from(decimals).unwrap_or(i32::MAX))
}
