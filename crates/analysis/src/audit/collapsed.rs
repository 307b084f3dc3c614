//! Rows that keep far less of their clean score than all rows like them.

use super::{Finding, Kind, Sheet};
use std::collections::{HashMap, HashSet};

/// Groups with fewer rows have no usual share.
const LEAST: usize = 5;

/// Rows that keep less than half of the median share of their group, except those in `explained`.
pub(super) fn collapsed(sheet: &Sheet, explained: &[usize]) -> impl Iterator<Item = Finding> {
    let share = move |i: usize| {
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
    (0..sheet.lines.len()).filter(move |i| !explained.contains(i)).filter_map(move |i| {
        let line = &sheet.lines[i];
        let (own, &(usual, rows)) = (share(i)?, usual.get(line.group.as_str())?);
        let text = format!(
            "the cells keep {:.1} % of the clean score; the median of the {rows} rows like it is {:.1} %",
            100.0 * own,
            100.0 * usual
        );
        let finding = || Finding::new(Kind::Suspect, &line.place, text).of(&line.model, &sheet.measure);
        (own < 0.5 * usual).then(finding)
    })
}

/// The middle number, or the mean of the two in the middle.
fn median(numbers: &[f64]) -> f64 {
    let mut numbers = numbers.to_vec();
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    if numbers.len() % 2 == 1 { numbers[half] } else { f64::midpoint(numbers[half - 1], numbers[half]) }
}
