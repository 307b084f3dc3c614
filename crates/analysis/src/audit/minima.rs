//! Printed minima against the cells.

use super::{Compared, Sheet};

/// Every printed minimum of a row whose cells are all printed.
pub(super) fn minima(sheet: &Sheet) -> impl Iterator<Item = Compared> {
    sheet.lines.iter().enumerate().filter_map(|(i, line)| {
        let (printed, cells) = (line.minimum?, line.complete()?);
        let least = cells.into_iter().fold(f64::INFINITY, f64::min);
        // Rounding never turns an order around: in the digits of the cells the minimum is the lowest of them.
        let is_exact = sheet.rounding.minimum.total_cmp(&sheet.rounding.cell).is_eq();
        let slack = if is_exact { 0.0 } else { sheet.rounding.cell };
        Some(Compared {
            line: i,
            column: format!("{} minimum", sheet.measure),
            from: format!("its {} cells", line.cells.len()),
            printed,
            recomputed: least,
            possible: [least - slack, least + slack],
            rounding: sheet.rounding.minimum,
            is_exact,
        })
    })
}
