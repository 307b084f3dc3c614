//! Printed rPC against mean and clean score.

use super::{Compared, Sheet};

/// Every printed rPC of a row that prints the clean score, and the mean or all cells.
pub(super) fn relative(sheet: &Sheet) -> Vec<Compared> {
    let rounding = &sheet.rounding;
    let mut out = Vec::new();
    for (i, line) in sheet.lines.iter().enumerate() {
        let cells = || line.cell_mean().map(|mean| (mean, rounding.cell));
        let mean = line.mean.map(|mean| (mean, rounding.mean)).or_else(cells);
        let (Some(printed), Some((mean, slack)), Some(clean)) = (line.rpc, mean, line.clean) else {
            continue;
        };
        if clean <= rounding.clean {
            // What was divided by may have been zero.
            continue;
        }
        let share = |mean: f64, clean: f64| sheet.full * mean / clean;
        out.push(Compared {
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
        });
    }
    out
}
