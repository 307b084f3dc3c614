//! Printed mCE and CD against the cells of the model and of the reference.

use super::{Compared, Layout, Line, Sheet};
use crate::error::{Error, Result};
use crate::hint::hint;
use std::collections::HashMap;

/// Every printed mean over corruptions of `sum_s (full - m) / sum_s (full - r)`, where all cells of model and reference are
/// printed; `column` is the one that holds it.
///
/// # Errors
/// [`Error::Layout`] when the reference is no row of the table, or several.
pub(super) fn degradation<'a>(
    sheet: &'a Sheet,
    layout: &Layout,
    column: Option<&'a str>,
    printed: fn(&Line) -> Option<f64>,
    rounding: f64,
) -> Result<Option<impl Iterator<Item = Compared> + use<'a>>> {
    let (Some(column), Some(reference)) = (column, &layout.reference) else { return Ok(None) };
    check_reference(sheet, reference)
        .map_err(|reason| Error::Layout { file: layout.name.clone(), reason })?;
    let rows = sheet.rows_by_model();
    let scores = rows.get(reference.as_str()).and_then(|rows| sheet.corruptions(rows));
    let Some(scores) = scores.map(|scores| scores.into_iter().collect::<Reference<'_>>()) else {
        return Ok(None);
    };
    let errors: HashMap<&str, [f64; 3]> = rows
        .iter()
        .filter_map(|(model, rows)| {
            // A model has no error relative to itself, however its cells were rounded.
            let slack = if *model == reference.as_str() { 0.0 } else { sheet.rounding.cell };
            Some((*model, relative_errors(sheet, rows, &scores, slack)?))
        })
        .collect();
    let compared = move |(line, of): (usize, &Line)| {
        let (printed, &[recomputed, least, most]) = (printed(of)?, errors.get(of.model.as_str())?);
        Some(Compared {
            line,
            column: column.to_owned(),
            from: "the cells and the reference's".to_owned(),
            printed,
            recomputed,
            possible: [least, most],
            rounding,
            is_exact: false,
        })
    };
    Ok(Some(sheet.lines.iter().enumerate().filter_map(compared)))
}

/// Whether one row, or one of each severity, is the reference's.
fn check_reference(sheet: &Sheet, reference: &str) -> std::result::Result<(), String> {
    let own: Vec<&Line> =
        sheet.lines.iter().filter(|line| line.model == reference && !line.holds_means).collect();
    match own.as_slice() {
        [] => {
            let near = hint(reference, sheet.lines.iter().map(|line| line.model.as_str()));
            Err(format!(
                "reference `{reference}` is no model of the table; expected its names joined by spaces{near}"
            ))
        }
        [first, second, ..] if first.severity.is_none() => Err(format!(
            "reference `{reference}` is the model of {} and of {}; expected one row, or more columns in `model` that tell \
             them apart",
            first.place, second.place
        )),
        _ => Ok(()),
    }
}

/// Scores by corruption.
type Scores<'a> = [(&'a str, Vec<f64>)];

/// The reference's scores by corruption.
type Reference<'a> = HashMap<&'a str, Vec<f64>>;

/// The error of a model with these rows relative to the reference, and the least and the most that rounding allows.
fn relative_errors(sheet: &Sheet, rows: &[&Line], reference: &Reference<'_>, slack: f64) -> Option<[f64; 3]> {
    let model = sheet.corruptions(rows)?;
    let at = |model_slack: f64, reference_slack: f64| {
        relative_error(sheet.full, &model, model_slack, reference, reference_slack)
    };
    Some([at(0.0, 0.0)?, at(slack, -slack)?, at(-slack, slack)?])
}

/// The mean over corruptions, with the slacks added to all scores; `None` where the reference has no error to divide by.
fn relative_error(
    full: f64,
    model: &Scores,
    slack: f64,
    reference: &Reference<'_>,
    reference_slack: f64,
) -> Option<f64> {
    let error = |scores: &[f64], slack: f64| scores.iter().map(|score| full - score - slack).sum::<f64>();
    let mut sum = 0.0;
    for (corruption, scores) in model {
        let others = reference.get(corruption)?;
        let divisor = error(others, reference_slack);
        if divisor <= 0.0 || others.len() != scores.len() {
            return None;
        }
        sum += error(scores, slack) / divisor;
    }
    Some(full * sum / model.len() as f64).filter(|_| !model.is_empty())
}
