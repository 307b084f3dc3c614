//! Cells above the clean score of their row.

use super::{Finding, Kind, Sheet};

/// One finding for each row with such cells: a few may be true, but if their mean is above the clean score, that score or
/// the cells are another model's.
pub(super) fn above_clean(sheet: &Sheet) -> Vec<Finding> {
    let digits = sheet.decimals;
    let mut out = Vec::new();
    for line in sheet.lines.iter().filter(|line| !line.holds_means) {
        let Some(clean) = line.clean else { continue };
        let cells = sheet.conditions.iter().zip(&line.cells);
        let above: Vec<String> = cells
            .filter_map(|(condition, cell)| Some((condition, cell.filter(|cell| *cell > clean)?)))
            .map(|(condition, cell)| format!("{} {cell:.digits$}", condition.name))
            .collect();
        if above.is_empty() {
            continue;
        }
        let (of, list) = (line.cells.len(), above.join(", "));
        let finding = match line.cell_mean().filter(|mean| *mean > clean) {
            Some(mean) => {
                let text = format!(
                    "the cells average {mean:.digits$}, more than the clean score {clean:.digits$}; {} of {of} are above it: {list}",
                    above.len()
                );
                Finding::new(Kind::Suspect, &line.place, text)
            }
            None => {
                let text = format!(
                    "{} of {of} cells are above the clean score {clean:.digits$}: {list}",
                    above.len()
                );
                Finding::new(Kind::Note, &line.place, text)
            }
        };
        out.push(finding.of(&line.model, &sheet.measure));
    }
    out
}
