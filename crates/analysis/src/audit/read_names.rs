//! Reads the models and severities of a table's rows.

use super::grid::Grid;
use super::{Layout, Line};
use crate::error::Result;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The severities of a corruption.
pub(super) const SEVERITIES: RangeInclusive<u32> = 1..=5;

/// The rows with their names and severities, without numbers.
///
/// # Errors
/// [`crate::Error::Table`] when a column is missing, a severity is none, or a model has one twice.
pub(super) fn read_names(grid: &Grid, layout: &Layout) -> Result<Vec<Line>> {
    let places = |names: &[String]| names.iter().map(|name| grid.column(name)).collect::<Result<Vec<_>>>();
    let (model, group) = (places(&layout.model)?, places(&layout.group)?);
    let severity = layout.severity.as_ref().map(|name| grid.column(name)).transpose()?;
    let mut out = Vec::with_capacity(grid.rows());
    for row in 0..grid.rows() {
        let joined = |places: &[usize]| {
            places.iter().map(|column| grid.field(row, *column)).collect::<Vec<_>>().join(" ")
        };
        let (place, model, group) = (grid.place(row), joined(&model), joined(&group));
        let mut line = Line { place, model, group, ..Line::default() };
        if let Some(text) = severity.map(|column| grid.field(row, column)) {
            line.holds_means = layout.mean_row.as_deref() == Some(text);
            if !line.holds_means {
                line.severity = Some(read_severity(grid, layout, &line.place, text)?);
            }
        }
        out.push(line);
    }
    if severity.is_some() {
        refuse_twice(grid, &out)?;
    }
    Ok(out)
}

fn read_severity(grid: &Grid, layout: &Layout, place: &str, text: &str) -> Result<u32> {
    let number = text.parse().ok().filter(|number| SEVERITIES.contains(number));
    number.ok_or_else(|| {
        let mean_row = layout.mean_row.as_ref().map_or(String::new(), |m| format!(", or `{m}`"));
        grid.wrong(place, format!("severity `{text}`; expected a whole number from 1 to 5{mean_row}"))
    })
}

/// A model has one row for each severity, and at most one row of means.
fn refuse_twice(grid: &Grid, lines: &[Line]) -> Result<()> {
    let mut seen: BTreeMap<(&str, Option<u32>), &str> = BTreeMap::new();
    for line in lines {
        if let Some(first) = seen.insert((&line.model, line.severity), &line.place) {
            let what =
                line.severity.map_or_else(|| "its row of means".to_owned(), |s| format!("severity {s}"));
            let reason = format!(
                "{} has {what} in {first} too; expected it once, or more columns in `model` that tell the rows apart",
                line.model
            );
            return Err(grid.wrong(&line.place, reason));
        }
    }
    Ok(())
}
