//! Thresholds as text.

use super::kind::Kind;
use super::target::{GRAMMAR, Target};
use crate::error::{Error, Result};
use std::fmt;

/// A bound on one number of a run, or of a run and its baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    pub(super) kind: Kind,
    pub(super) target: Target,
    /// Whether the bound itself fails.
    pub(super) strict: bool,
    /// In the unit in which the measure is printed.
    pub(super) bound: f64,
}

impl Threshold {
    /// Reads a threshold: `[MEASURE][@MODEL][/CLASS][:CONDITION[:SEVERITY]] OP VALUE`.
    ///
    /// - MEASURE is `mIoU` (the default), `rPC`, `mPC`, `mCE`, `slope`, `worst_corruption`, another convention's
    ///   [key](crate::Convention::key), or a measure of `measures.csv` such as `ece`; in any case, `-` for `_`.
    /// - MODEL is a model's id or name; without it, every model of the run has to pass.
    /// - CLASS is a class's name, or `#` and its index.
    /// - CONDITION is `clean`, `corrupted`, a corruption, a group such as `weather`, or `severity:3`. The value of
    ///   several conditions is the mean of their values.
    /// - OP is `>=` or `>` of a least value, `<=` or `<` of a largest one.
    /// - VALUE is in percent or percent points, for `ece` and its like in the unit of `measures.csv`.
    ///
    /// # Errors
    /// [`Error::Threshold`], with what was expected. Names of a run are looked up by [`super::gate()`].
    ///
    /// ```
    /// use scribe_analysis::gate::{Threshold, ThresholdKind};
    ///
    /// let drop = Threshold::parse(ThresholdKind::MaxDrop, "fog:3<=20")?;
    /// assert_eq!(drop.to_string(), "max-drop miou:fog:3 <= 20");
    /// let wrong = Threshold::parse(ThresholdKind::Min, "rPC<=60").unwrap_err().to_string();
    /// assert!(wrong.contains("`rPC<=60`: min needs >= or >"));
    /// # Ok::<(), scribe_analysis::Error>(())
    /// ```
    pub fn parse(kind: Kind, text: &str) -> Result<Threshold> {
        let wrong = |reason: String| Error::Threshold { text: text.to_owned(), reason };
        let at = text.find(['<', '>', '=']).ok_or_else(|| {
            wrong(format!(
                "there is no >= or <=; expected {GRAMMAR} OP VALUE, such as `rPC>=60` or `fog:3<=20`"
            ))
        })?;
        let (head, rest) = text.split_at(at);
        let length = rest.find(|c| !"<>=".contains(c)).unwrap_or(rest.len());
        let (op, value) = rest.split_at(length);
        let (lower, strict) = match op {
            ">=" => (true, false),
            ">" => (true, true),
            "<=" => (false, false),
            "<" => (false, true),
            _ => return Err(wrong(format!("`{op}` is none of >=, >, <= and <"))),
        };
        if lower != kind.is_lower_bound() {
            let needed = if kind.is_lower_bound() { ">= or >" } else { "<= or <" };
            return Err(wrong(format!("{} needs {needed}, not {op}", kind.name())));
        }
        let number = value.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        let bound = number
            .ok_or_else(|| wrong(format!("`{}` is not a number; expected one such as 60", value.trim())))?;
        if kind == Kind::Equivalent && bound < 0.0 {
            return Err(wrong("equivalent needs a bound of 0 or more, which holds on both sides".to_owned()));
        }
        let target = Target::parse(head).map_err(|error| match error {
            Error::Threshold { reason, .. } => wrong(reason),
            other => other,
        })?;
        let threshold = Threshold { kind, target, strict, bound };
        threshold.check().map_err(wrong)?;
        Ok(threshold)
    }

    /// What cannot be asked of its measure.
    fn check(&self) -> std::result::Result<(), String> {
        let (measure, name) = (self.target.measure, &self.target.name);
        let about_worse = matches!(self.kind, Kind::MaxDrop | Kind::MaxLoss | Kind::MinGain);
        if about_worse && measure.direction().is_none() {
            return Err(format!(
                "of {name} neither more nor less is better; min, max and equivalent take it"
            ));
        }
        if self.kind == Kind::MaxDrop && !measure.is_by_condition() {
            return Err(format!("{name} has no value on clean images to drop from"));
        }
        if self.kind == Kind::MaxDrop && self.target.is_on_clean() {
            return Err("clean images drop by 0 from themselves; expected a corrupted condition".to_owned());
        }
        self.check_bound()
    }

    /// Refuses a bound that no value can miss, or none can keep, such as percents for a share between 0 and 1.
    fn check_bound(&self) -> std::result::Result<(), String> {
        let name = &self.target.name;
        let Some([low, high]) = self.target.measure.range() else { return Ok(()) };
        let (what, low, high) = match self.kind {
            Kind::Min | Kind::Max => ("value", low, high),
            _ => ("difference", low - high, high - low),
        };
        if (low..=high).contains(&self.bound) {
            return Ok(());
        }
        let holds = if self.kind.is_lower_bound() == (self.bound < low) { "always" } else { "never" };
        Err(format!(
            "a {what} of {name} is between {low} and {high}, so that this {holds} holds; expected a bound in that range"
        ))
    }

    /// What it bounds.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The comparison, `>=` for example.
    pub(super) fn op(&self) -> &'static str {
        match (self.kind.is_lower_bound(), self.strict) {
            (true, false) => ">=",
            (true, true) => ">",
            (false, false) => "<=",
            (false, true) => "<",
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.kind.name(), self.target.text(), self.op(), self.bound)
    }
}
