//! Scores that rise with severity.

use super::{Finding, Kind, Sheet};

/// One note for each model with such scores. Rounding never turns an order around, so every rise was measured.
pub(super) fn severities(sheet: &Sheet) -> Vec<Finding> {
    let mut seen: Vec<&str> = Vec::new();
    let mut out = Vec::new();
    for line in sheet.lines.iter().filter(|line| !line.holds_means) {
        if seen.contains(&line.model.as_str()) {
            continue;
        }
        seen.push(&line.model);
        let rises = rises(sheet, &line.model);
        if !rises.is_empty() {
            let text = format!("the score rises with severity: {}", rises.join(", "));
            out.push(Finding::new(Kind::Note, "", text).of(&line.model, &sheet.measure));
        }
    }
    out
}

/// The rises of a model in words, in the table's order of corruptions.
fn rises(sheet: &Sheet, model: &str) -> Vec<String> {
    let mut cells = Vec::new();
    for line in sheet.lines.iter().filter(|line| line.model == model && !line.holds_means) {
        for (condition, cell) in sheet.conditions.iter().zip(&line.cells) {
            if let (Some(severity), Some(score)) = (condition.severity.or(line.severity), cell) {
                cells.push((condition.corruption.as_str(), severity, *score));
            }
        }
    }
    let order = |corruption: &str| sheet.conditions.iter().position(|c| c.corruption == corruption);
    cells.sort_by_key(|(corruption, severity, _)| (order(corruption), *severity));
    let next = cells.windows(2).filter(|pair| pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1);
    let digits = sheet.decimals;
    next.filter(|pair| pair[1].2 > pair[0].2)
        .map(|pair| {
            let [(corruption, from, low), (_, to, high)] = [pair[0], pair[1]];
            format!("{corruption} {from} to {to} ({low:.digits$} to {high:.digits$})")
        })
        .collect()
}
