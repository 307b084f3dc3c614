//! Rows that keep far less of their clean score than all rows like them.

use super::{Finding, Kind, Sheet};
use std::collections::{HashMap, HashSet};

/// Groups with fewer rows have no usual share.
const LEAST: usize = 5;

/// Rows that keep less than half of the median share of their group, except those in `explained`.
pub(super) fn collapsed(sheet: &Sheet, explained: &[usize]) -> Vec<Finding> {
    let share = |i: usize| {
        let line = &sheet.lines[i];
        let clean = line.clean.filter(|clean| *clean > 0.0 && !line.holds_means)?;
        Some(line.cell_mean()? / clean)
    };
    let mut groups: HashMap<&str, Vec<f64>> = HashMap::new();
    for (i, line) in sheet.lines.iter().enumerate() {
        groups.entry(&line.group).or_default().extend(share(i));
    }
    groups.retain(|_, shares| shares.len() >= LEAST);
    let usual: HashMap<&str, (f64, usize)> =
        groups.into_iter().map(|(group, shares)| (group, (median(&shares), shares.len()))).collect();
    let explained: HashSet<usize> = explained.iter().copied().collect();
    let mut out = Vec::new();
    for i in (0..sheet.lines.len()).filter(|i| !explained.contains(i)) {
        let group = sheet.lines[i].group.as_str();
        let (Some(own), Some(&(usual, rows))) = (share(i), usual.get(group)) else { continue };
        if own < 0.5 * usual {
            let line = &sheet.lines[i];
            let text = format!(
                "the cells keep {:.1} % of the clean score; the median of the {rows} rows like it is {:.1} %",
                100.0 * own,
                100.0 * usual
            );
            out.push(Finding::new(Kind::Suspect, &line.place, text).of(&line.model, &sheet.measure));
        }
    }
    out
}

/// The middle number, or the mean of the two in the middle.
fn median(numbers: &[f64]) -> f64 {
    let mut numbers = numbers.to_vec();
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    if numbers.len() % 2 == 1 { numbers[half] } else { f64::midpoint(numbers[half - 1], numbers[half]) }
}
