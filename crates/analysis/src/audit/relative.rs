//! Printed rPC against mean and clean score.

use super::{Compared, Sheet};

/// Every printed rPC of a row that prints the clean score, and the mean or all cells.
pub(super) fn relative(sheet: &Sheet) -> impl Iterator<Item = Compared> {
    let rounding = &sheet.rounding;
    sheet.lines.iter().enumerate().filter_map(move |(i, line)| {
        let cells = || line.cell_mean().map(|mean| (mean, rounding.cell));
        let (printed, clean) = (line.rpc?, line.clean?);
        let (mean, slack) = line.mean.map(|mean| (mean, rounding.mean)).or_else(cells)?;
        if clean <= rounding.clean {
            // What was divided by may have been zero.
            return None;
        }
        let share = |mean: f64, clean: f64| sheet.full * mean / clean;
        Some(Compared {
            line: i,
            column: format!("{} rPC", sheet.measure),
            from: "mean and clean".to_owned(),
            printed,
            recomputed: share(mean, clean),
            possible: [
                share(mean - slack, clean + rounding.clean),
                share(mean + slack, clean - rounding.clean),
            ],
            rounding: rounding.rpc,
            is_exact: false,
        })
    })
}
