//! How often one model is ahead of another: by interval, and by digits as the paper compares.

use super::Difference;
use crate::summary::ModeChoice;
use scribe_records::ModelId;

/// How often one model is ahead of another over the measured conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Duel {
    /// The first model.
    pub(crate) a: ModelId,
    /// The second model.
    pub(crate) b: ModelId,
    /// Conditions where the interval puts `a` ahead, where it decides nothing, and where it puts `b` ahead.
    pub(crate) by_interval: [usize; 3],
    /// Conditions where `a` is higher, equal or lower in percent with one decimal, as the paper compares.
    pub(crate) by_digits: [usize; 3],
}

/// Wins, ties and losses of every pair over single conditions, for one choice of modes.
pub(crate) fn duels(all: &[Difference], choice: ModeChoice) -> Vec<Duel> {
    let mut out: Vec<Duel> = Vec::new();
    for d in all.iter().filter(|d| d.is_table1_cell && d.mode_choice == choice) {
        let at = out.iter().position(|o| o.a == d.a && o.b == d.b).unwrap_or_else(|| {
            out.push(Duel { a: d.a.clone(), b: d.b.clone(), by_interval: [0; 3], by_digits: [0; 3] });
            out.len() - 1
        });
        let tenths = |x: f64| (x * 1000.0).round() as i64;
        let interval = if !d.difference.excludes_zero() {
            1
        } else if d.difference.low > 0.0 {
            0
        } else {
            2
        };
        let digits = match tenths(d.of_a).cmp(&tenths(d.of_b)) {
            std::cmp::Ordering::Greater => 0,
            std::cmp::Ordering::Equal => 1,
            std::cmp::Ordering::Less => 2,
        };
        out[at].by_interval[interval] += 1;
        out[at].by_digits[digits] += 1;
    }
    out
}
