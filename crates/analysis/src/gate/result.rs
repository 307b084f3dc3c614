//! What came out of a gate, and its three forms.

use super::measure::Unit;
use crate::bootstrap::{Interval, goes_on_to};
use crate::format::{brief, end, fixed};
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
    /// The name of the baseline's model that it is compared with, where the threshold compares with a baseline.
    pub against: Option<String>,
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

    /// The model, and the baseline's where the threshold compares with one.
    #[must_use]
    pub fn who(&self) -> String {
        match &self.against {
            Some(other) => format!("{} against {other}", self.model),
            None => self.model.clone(),
        }
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
    /// The modes that the numbers are taken in and, where they do not have all of the corrupted conditions, how many.
    pub scope: String,
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
        let (level, alpha) = (brief(self.level * 100.0), brief((1.0 - self.level) / 2.0 * 100.0));
        let how = if self.by_point {
            format!("values alone; {level} % intervals beside them")
        } else {
            format!("by values and the bounds of {level} % intervals, one-sided tests at {alpha} %")
        };
        format!("{}{}, {} images, {}, {how}", self.run, self.against(), self.images, self.scope)
    }

    /// The baseline, and its model where all are compared with one.
    fn against(&self) -> String {
        let Some(name) = &self.baseline else { return String::new() };
        let mut models: Vec<&String> = self.verdicts.iter().filter_map(|v| v.against.as_ref()).collect();
        models.sort();
        models.dedup();
        match models.as_slice() {
            [only] => format!(" against {only} of {name}"),
            _ => format!(" against {name}"),
        }
    }

    /// How many verdicts there are and how many failed, in words.
    pub(crate) fn summary(&self) -> String {
        let all = self.verdicts.len();
        match self.failures() {
            0 => format!("All {all} passed."),
            failures => format!("{failures} of {all} failed."),
        }
    }

    /// Sentences on intervals of more resamples, and on verdicts that other resamples could turn.
    pub(crate) fn notes(&self) -> Vec<String> {
        let of = |verdict: &Verdict| format!("{} of {}", verdict.threshold, verdict.who());
        let named = |wanted: &dyn Fn(&&Verdict) -> bool| {
            self.verdicts.iter().filter(wanted).map(of).collect::<Vec<_>>().join("; ")
        };
        let more = named(&|v| v.interval.draws + v.interval.dropped > self.resamples);
        let open = named(&|v| v.is_open);
        let resamples = goes_on_to(self.resamples, self.images);
        let more = (!more.is_empty()).then(|| {
            format!("Of {resamples} resamples, because {} left a verdict open: {more}.", self.resamples)
        });
        let open = (!open.is_empty()).then(|| format!("Other resamples could turn: {open}."));
        more.into_iter().chain(open).collect()
    }
}
