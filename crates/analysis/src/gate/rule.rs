//! When a number keeps to its threshold.

use super::kind::Kind;
use super::threshold::Threshold;
use crate::bootstrap::Interval;

/// Whether other resamples could turn the verdict. Where the value itself misses the bound none can.
pub(super) fn is_open(threshold: &Threshold, interval: &Interval) -> bool {
    let bounds: &[f64] = match threshold.kind {
        Kind::Equivalent => &[-threshold.bound, threshold.bound],
        _ => &[threshold.bound],
    };
    keeps(threshold, [interval.value; 2]) && bounds.iter().any(|bound| interval.is_open_at(*bound))
}

/// Whether the value keeps to the threshold and, unless it is judged alone, the bound of its interval. The interval of a
/// worst value can lie on the better side of the value, so that its bound alone would not do.
pub(super) fn passes(threshold: &Threshold, interval: &Interval, by_point: bool) -> bool {
    let ends = [interval.low, interval.high];
    keeps(threshold, [interval.value; 2]) && (by_point || keeps(threshold, ends))
}

/// Whether the ends of a range keep to the threshold. An end that is not a number keeps to none.
fn keeps(threshold: &Threshold, ends: [f64; 2]) -> bool {
    let bound = threshold.bound;
    let at_least = |x: f64, bound: f64| if threshold.strict { x > bound } else { x >= bound };
    let at_most = |x: f64, bound: f64| if threshold.strict { x < bound } else { x <= bound };
    match threshold.kind {
        Kind::Min | Kind::MinGain => at_least(ends[0], bound),
        Kind::Max | Kind::MaxDrop | Kind::MaxLoss => at_most(ends[1], bound),
        Kind::Equivalent => at_least(ends[0], -bound) && at_most(ends[1], bound),
    }
}

/// What has to hold, in words.
pub(super) fn needs(threshold: &Threshold, by_point: bool) -> String {
    let (op, bound) = (threshold.op(), threshold.bound);
    let what = match (by_point, threshold.kind) {
        (true, Kind::Equivalent) => return format!("value within ±{bound}"),
        (true, _) => "value",
        (false, Kind::Min | Kind::MinGain) => "value and low",
        (false, Kind::Max | Kind::MaxDrop | Kind::MaxLoss) => "value and high",
        (false, Kind::Equivalent) => return format!("value and both ends within ±{bound}"),
    };
    format!("{what} {op} {bound}")
}
