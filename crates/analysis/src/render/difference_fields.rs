//! The columns that every list of differences ends with.

use super::field::Field;
use crate::bootstrap::Interval;
use crate::verdict::HoldsFor;

/// Their names. The two values stand before them, under names of the list's own.
pub(super) const HEAD: [&str; 8] =
    ["difference", "low", "high", "established", "near_edge", "holds_for", "resamples", "dropped"];

/// The two values, their difference with its interval, in percent points, and the verdict.
pub(super) fn difference_fields(of: [f64; 2], gap: &Interval, holds: HoldsFor) -> Vec<Field> {
    let word = |yes: bool| Field::text(if yes { "yes" } else { "no" });
    let values = [of[0], of[1], gap.value, gap.low, gap.high].map(|value| Field::percent(Some(value), 3));
    let verdict = [gap.excludes_zero(), gap.near_edge()].map(word);
    let counts = [gap.draws, gap.dropped].map(Field::count);
    values.into_iter().chain(verdict).chain([Field::text(holds.key())]).chain(counts).collect()
}
