//! A difference and whether it is established, in words.

use crate::bootstrap::Interval;
use crate::format::{range, signed_end};
use crate::verdict::HoldsFor;

/// "established", and what for, or "not established", with the interval in points.
pub(super) fn verdict(gap: &Interval, holds: HoldsFor) -> String {
    let word = word(gap, holds);
    let edge = if gap.near_edge() { " (near the edge)" } else { "" };
    format!("{} points ({}), {word}{edge}", signed_end(gap.value * 100.0, 1), range(gap, 100.0, 1))
}

/// "established", and what for, or "not established".
pub(super) fn word(gap: &Interval, holds: HoldsFor) -> &'static str {
    if gap.excludes_zero() { holds.established() } else { "not established" }
}
