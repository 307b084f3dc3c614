//! Scores that rise with severity.

use super::listed::listed;
use super::{Finding, Kind, Line, Sheet};
use scribe_base::excerpt;
use std::collections::HashMap;

/// One note for each model with such scores. Rounding never turns an order around, so every rise was measured.
pub(super) fn severities(sheet: &Sheet) -> impl Iterator<Item = Finding> {
    let (mut rows, mut order) = (sheet.rows_by_model(), HashMap::new());
    for (place, condition) in sheet.conditions.iter().enumerate() {
        order.entry(condition.corruption.as_str()).or_insert(place);
    }
    sheet.lines.iter().filter(|line| !line.holds_means).filter_map(move |line| {
        // Each model once, where its first row is.
        let rises = rises(sheet, &rows.remove(line.model.as_str())?, &order);
        let text = || format!("the score rises with severity: {}", listed(&rises));
        (!rises.is_empty()).then(|| Finding::new(Kind::Note, "", text()).of(&line.model, &sheet.measure))
    })
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
            let corruption = excerpt::of(corruption);
            format!("{corruption} {from} to {to} ({low:.digits$} to {high:.digits$})")
        })
        .collect()
}
