//! Scores that cannot be: below 0, or above the score without an error.

use super::listed::listed;
use super::{Finding, Kind, Line, Sheet};
use scribe_base::excerpt;

/// One finding for each row with such scores.
pub(super) fn impossible(sheet: &Sheet) -> impl Iterator<Item = Finding> {
    sheet.lines.iter().filter_map(|line| {
        let outside: Vec<String> = scores(sheet, line)
            .filter(|(_, score)| !(0.0..=sheet.full).contains(score))
            .map(|(name, score)| format!("{} {score}", excerpt::of(name)))
            .collect();
        let text = || format!("no score is below 0 or above {}: {}", sheet.full, listed(&outside));
        let finding = || Finding::new(Kind::Suspect, &line.place, text()).of(&line.model, &sheet.measure);
        (!outside.is_empty()).then(finding)
    })
}

/// Refuses a table of fractions that is read as percent, and one in percent that is read as fractions: what is made of
/// them would be wrong by a factor of 100.
///
/// # Errors
/// What is odd, and which key of the layout may be meant.
pub(super) fn check_unit(sheet: &Sheet) -> Result<(), String> {
    let all: Vec<f64> =
        sheet.lines.iter().flat_map(|line| scores(sheet, line)).map(|(_, score)| score).collect();
    let (full, measure) = (sheet.full, &sheet.measure);
    let most = all.iter().copied().fold(0.0, f64::max);
    if full > 1.0 && most > 0.0 && most <= 1.0 {
        return Err(format!(
            "every score of {measure} is at most 1, and `full`, the score without an error, is {full}; is this a table of \
             fractions? Then its layout needs full = 1.0"
        ));
    }
    let above = all.iter().filter(|score| **score > full).count();
    if full <= 1.0 && 2 * above > all.len() {
        return Err(format!(
            "{above} of {} scores of {measure} are above `full`, the score without an error, which is {full}; is this a \
             table in percent? Then its layout needs full = 100.0",
            all.len()
        ));
    }
    Ok(())
}

/// All scores of a row, with their names.
fn scores<'s>(sheet: &'s Sheet, line: &'s Line) -> impl Iterator<Item = (&'s str, f64)> {
    let cells =
        sheet.conditions.iter().map(|condition| condition.name.as_str()).zip(line.cells.iter().copied());
    let others = [("clean", line.clean), ("mean", line.mean), ("minimum", line.minimum)];
    others.into_iter().chain(cells).filter_map(|(name, score)| Some((name, score?)))
}
