//! The numbers that thresholds bound, on the set and under resamples.

use super::case::Case;
use super::kind::Kind;
use super::rule::is_open;
use super::settings::GateSettings;
use super::values::Values;
use crate::bootstrap::{Bootstrap, GOES_ON, Sampled};
use crate::conventions::Sampler;
use crate::error::{Error, Result};
use crate::view::View;
use scribe_records::{Condition, Mode};
use std::ops::Range;

/// What each case bounds. Where the first resamples leave a verdict open it is made of more, and so is the same number in
/// other cases: one number has one interval.
pub(super) fn numbers(view: &View, cases: &[Case<'_>], settings: &GateSettings) -> Result<Vec<Sampled>> {
    let how = &settings.bootstrap;
    let values = Values::new(view, how, cases.iter().map(|case| &case.subject));
    let sampler = Sampler::new(view, how, 0..how.resamples);
    let first = |case: &Case<'_>| number(case, &values, &sampler).ok_or_else(|| missing(view, case));
    let first: Vec<Sampled> = cases.iter().map(first).collect::<Result<_>>()?;
    let goes_on = |(case, sampled): (&Case<'_>, &Sampled)| {
        // Intervals over blocks are rough however many draws there are.
        let may = case.subject.measure.sums().is_none() && !settings.by_point;
        may && is_open(case.threshold, &sampled.interval(how.level))
    };
    let open: Vec<bool> = cases.iter().zip(&first).map(goes_on).collect();
    let numbers = cases.iter().zip(first).map(|(case, sampled)| {
        let same = |(other, open): (&Case<'_>, &bool)| *open && other.bounds_the_number_of(case);
        let is_open = cases.iter().zip(&open).any(same);
        if is_open { more(case, &values, (view, how), sampled) } else { sampled }
    });
    Ok(numbers.collect())
}

/// Why a case has no number.
fn missing(view: &View, case: &Case<'_>) -> Error {
    let (subject, kind) = (&case.subject, case.threshold.kind);
    let measured = |condition: &Condition, mode: &Mode| {
        view.confusions.keys().any(|cell| {
            let series = &cell.series;
            series.model == subject.model && series.mode == *mode && cell.condition == *condition
        })
    };
    let mut conditions = subject.conditions.iter();
    let is_measured = conditions.any(|c| subject.modes.iter().all(|mode| measured(c, mode)));
    let class = subject.class.filter(|_| is_measured).and_then(|class| view.classes.get(class));
    let expected = match class {
        Some(class) => format!("a class that occurs: no pixel of {class} is labelled or predicted"),
        None if kind.needs_baseline() => {
            "measured results on both sides, in the modes that are compared".to_owned()
        }
        None => "measured results in the modes that are judged".to_owned(),
    };
    Error::Missing {
        what: format!("value of `{}` for the model `{}`", case.threshold, subject.model),
        expected,
    }
}

/// The number with further resamples, a part after another so that their weights need little memory.
fn more(case: &Case<'_>, values: &Values, (view, how): (&View, &Bootstrap), first: Sampled) -> Sampled {
    let part = |n: usize| -> Range<usize> { n * how.resamples..(n + 1) * how.resamples };
    let parts = (1..GOES_ON).filter_map(|n| number(case, values, &Sampler::new(view, how, part(n))));
    parts.fold(first, |mut all, part| {
        all.draws.extend(part.draws);
        all
    })
}

/// What a threshold bounds, in the unit in which it is printed.
fn number(case: &Case<'_>, values: &Values, sampler: &Sampler<'_>) -> Option<Sampled> {
    let measure = case.subject.measure;
    let own = values.of(sampler, &case.subject)?;
    let other = || values.of(sampler, &case.subject.of(&case.against.as_ref()?.id));
    let sign = measure.direction().unwrap_or(1.0);
    let found = match case.threshold.kind {
        Kind::Min | Kind::Max => own,
        Kind::MaxDrop => values.of(sampler, &case.subject.on_clean())?.with(&own, |a, b| sign * (a - b)),
        Kind::MaxLoss => other()?.with(&own, |a, b| sign * (a - b)),
        Kind::MinGain => own.with(&other()?, |a, b| sign * (a - b)),
        Kind::Equivalent => own.with(&other()?, |a, b| a - b),
    };
    Some(found.times(measure.unit().scale()))
}
