//! Scores that rise with severity.

use super::{Finding, Kind, Line, Sheet};
use std::collections::HashMap;

/// One note for each model with such scores. Rounding never turns an order around, so every rise was measured.
pub(super) fn severities(sheet: &Sheet) -> Vec<Finding> {
    let (mut rows, mut order) = (sheet.rows_by_model(), HashMap::new());
    for (place, condition) in sheet.conditions.iter().enumerate() {
        order.entry(condition.corruption.as_str()).or_insert(place);
    }
    let mut out = Vec::new();
    for line in sheet.lines.iter().filter(|line| !line.holds_means) {
        // Each model once, where its first row is.
        let Some(rows) = rows.remove(line.model.as_str()) else { continue };
        let rises = rises(sheet, &rows, &order);
        if !rises.is_empty() {
            let text = format!("the score rises with severity: {}", rises.join(", "));
            out.push(Finding::new(Kind::Note, "", text).of(&line.model, &sheet.measure));
        }
    }
    out
}

/// The rises of a model with these rows in words, in the `order` of corruptions.
fn rises(sheet: &Sheet, rows: &[&Line], order: &HashMap<&str, usize>) -> Vec<String> {
    let mut cells = Vec::new();
    for line in rows {
        for (condition, cell) in sheet.conditions.iter().zip(&line.cells) {
            if let (Some(severity), Some(score)) = (condition.severity.or(line.severity), cell) {
                cells.push((condition.corruption.as_str(), severity, *score));
            }
        }
    }
    cells.sort_by_key(|(corruption, severity, _)| (order.get(corruption), *severity));
    let next = cells.windows(2).filter(|pair| pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1);
    let digits = sheet.decimals;
    next.filter(|pair| pair[1].2 > pair[0].2)
        .map(|pair| {
            let [(corruption, from, low), (_, to, high)] = [pair[0], pair[1]];
            format!("{corruption} {from} to {to} ({low:.digits$} to {high:.digits$})")
        })
        .collect()
}
