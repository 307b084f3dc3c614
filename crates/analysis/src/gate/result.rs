//! What came out of a gate, and its three forms.

use super::measure::Unit;
use crate::bootstrap::Interval;
use crate::format::{end, fixed};
use scribe_records::ModelId;

/// The verdict on one threshold and model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Verdict {
    /// The threshold as it was understood.
    pub threshold: String,
    /// The model's name.
    pub model: String,
    /// The model's id.
    pub id: ModelId,
    /// What the threshold bounds, with its interval, in the unit in which it is printed.
    pub interval: Interval,
    pub(crate) unit: Unit,
    /// What has to hold, such as `low >= 60`.
    pub needs: String,
    /// Whether it holds.
    pub passed: bool,
    /// Whether other resamples could turn the verdict.
    pub is_open: bool,
}

impl Verdict {
    /// The number as it is printed.
    #[must_use]
    pub fn value(&self) -> String {
        fixed(self.interval.value, self.unit.decimals())
    }

    /// The interval as it is printed, with more decimals where the bound could not be told from an end.
    #[must_use]
    pub fn range(&self) -> String {
        let decimals = self.unit.decimals();
        format!("{} to {}", end(self.interval.low, decimals), end(self.interval.high, decimals))
    }

    /// `pass` or `FAIL`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        if self.passed { "pass" } else { "FAIL" }
    }
}

/// The verdicts on a run.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GateResult {
    /// The run's name.
    pub run: String,
    /// The name of the baseline, where a threshold compares with one.
    pub baseline: Option<String>,
    /// How many images the run scored.
    pub images: usize,
    /// Coverage of the intervals, in (0, 1).
    pub level: f64,
    /// The number of resamples at first.
    pub resamples: usize,
    /// Whether values were judged, and not bounds.
    pub by_point: bool,
    /// The verdicts, in the order of the thresholds.
    pub verdicts: Vec<Verdict>,
}

impl GateResult {
    /// How many verdicts are failures.
    #[must_use]
    pub fn failures(&self) -> usize {
        self.verdicts.iter().filter(|verdict| !verdict.passed).count()
    }

    /// Which run was judged, and how.
    pub(crate) fn heading(&self) -> String {
        let against = self.baseline.as_ref().map_or_else(String::new, |name| format!(" against {name}"));
        let percent = |x: f64| {
            let text = fixed(x * 100.0, 2);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        let (level, alpha) = (percent(self.level), percent((1.0 - self.level) / 2.0));
        let how = if self.by_point {
            format!("values alone; {level} % intervals beside them")
        } else {
            format!("by the bounds of {level} % intervals, one-sided tests at {alpha} %")
        };
        format!("{}{against}, {} images, {how}", self.run, self.images)
    }

    /// How many verdicts there are and how many failed, in words.
    pub(crate) fn summary(&self) -> String {
        let all = self.verdicts.len();
        match self.failures() {
            0 => format!("All {all} passed."),
            failures => format!("{failures} of {all} failed."),
        }
    }

    /// The sentence on verdicts that other resamples could turn; `None` without one.
    pub(crate) fn note(&self) -> Option<String> {
        let open: Vec<&str> =
            self.verdicts.iter().filter(|v| v.is_open).map(|v| v.threshold.as_str()).collect();
        (!open.is_empty()).then(|| format!("Other resamples could turn: {}.", open.join("; ")))
    }
}
