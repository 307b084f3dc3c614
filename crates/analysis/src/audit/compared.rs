//! A printed number beside the one that follows from others.

use super::{Finding, Kind, Sheet};

/// Printed numbers are decimal fractions, so sums of them carry binary dust of 1e-14 that must not decide a tie.
const DUST: f64 = 1e-9;

/// A printed number beside the one that follows from others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Compared {
    /// The row, by its place in the sheet.
    pub(crate) line: usize,
    /// The column's name.
    pub(crate) column: String,
    /// What it was computed from, in words.
    pub(crate) from: String,
    /// What the table prints.
    pub(crate) printed: f64,
    /// What follows from the other printed numbers as they are printed.
    pub(crate) recomputed: f64,
    /// The least and the most that it could be, however those numbers were rounded.
    pub(crate) possible: [f64; 2],
    /// How far the printed number may be from what it was rounded from.
    pub(crate) rounding: f64,
    /// Whether the printed number is the recomputed one in the same digits, so that rounding cannot come between them.
    pub(crate) is_exact: bool,
}

/// How a printed number and a recomputed one go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The same to the last printed digit.
    Agrees,
    /// They differ, but rounding can explain it.
    Rounding,
    /// They differ by more than that.
    Wrong,
}

impl Compared {
    /// Printed minus recomputed.
    pub(crate) fn difference(&self) -> f64 {
        self.printed - self.recomputed
    }

    /// How the two go together.
    pub(crate) fn verdict(&self) -> Verdict {
        let reach = if self.is_exact { 0.0 } else { self.rounding } + DUST;
        let [least, most] = self.possible;
        if self.difference().abs() <= reach {
            Verdict::Agrees
        } else if (least - reach..=most + reach).contains(&self.printed) {
            Verdict::Rounding
        } else {
            Verdict::Wrong
        }
    }

    /// What to say of it, if the two do not agree.
    pub(super) fn finding(&self, sheet: &Sheet, what: &str) -> Option<Finding> {
        let (kind, how) = match self.verdict() {
            Verdict::Agrees => return None,
            Verdict::Rounding => (Kind::Rounding, "no more than rounding can explain"),
            Verdict::Wrong => (Kind::Wrong, "more than rounding explains"),
        };
        let digits = decimals(self.rounding);
        let text = format!(
            "the printed {what} is {:.digits$}; {} give {:.more$}, a difference of {:+.more$}, {how}",
            self.printed,
            self.from,
            self.recomputed,
            self.difference(),
            more = digits + 1
        );
        let line = &sheet.lines[self.line];
        let mut finding = Finding::new(kind, &line.place, text).of(&line.model, &self.column);
        finding.decimals = digits;
        Some(finding.numbers(self.printed, self.recomputed))
    }
}

/// The digits behind the point of numbers that may be off by half of the last of them.
fn decimals(rounding: f64) -> usize {
    (0..17_i32).find(|d| 0.5 * 10f64.powi(-d) <= rounding * 1.001).map_or(17, |d| d.unsigned_abs() as usize)
}

#[cfg(test)]
mod tests {
    use super::{Compared, Verdict, decimals};

    /// Two cells of 50.0 and 40.1 average 45.05: 45.1 and 45.0 are that to the digit, 45.15 +- 0.05 is still possible.
    #[test]
    fn half_a_digit_of_the_mean_agrees_and_half_a_digit_of_the_cells_more_is_rounding() {
        let verdict = |printed: f64| {
            let (line, column, from) = (0, String::new(), String::new());
            let possible = [45.0, 45.1];
            Compared {
                line,
                column,
                from,
                printed,
                recomputed: 45.05,
                possible,
                rounding: 0.05,
                is_exact: false,
            }
            .verdict()
        };
        assert_eq!([45.0, 45.1].map(verdict), [Verdict::Agrees; 2]);
        assert_eq!([44.95, 45.15].map(verdict), [Verdict::Rounding; 2]);
        assert_eq!([44.9, 45.2].map(verdict), [Verdict::Wrong; 2]);
        assert_eq!([0.5, 0.05, 0.005].map(decimals), [0, 1, 2]);
    }
}
