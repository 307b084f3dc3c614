//! The numbers that thresholds bound, on the set and under resamples.

use super::case::Case;
use super::kind::Kind;
use super::measure::Measure;
use super::rule::is_open;
use super::settings::GateSettings;
use super::values::Values;
use crate::bootstrap::{Bootstrap, Interval, Sampled, goes_on_to};
use crate::conventions::Sampler;
use crate::error::{Error, Result};
use crate::view::View;
use scribe_records::{Condition, Mode};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The interval of what each case bounds. Each number is computed once, whatever the number of its thresholds. Where the first
/// resamples leave a verdict open it is made of more, and so is the same number in other cases: one number has one interval.
pub(super) fn numbers(view: &View, cases: &[Case<'_>], settings: &GateSettings) -> Result<Vec<Interval>> {
    let how = &settings.bootstrap;
    let values = Values::new(view, how, cases.iter().map(|case| &case.subject));
    let sampler = Sampler::new(view, how, 0..how.resamples);
    let mut common: BTreeMap<_, Vec<&Case<'_>>> = BTreeMap::new();
    for case in cases {
        common.entry(case.common()).or_default().push(case);
    }
    let mut found = BTreeMap::new();
    for case in cases {
        // In the order of the cases, so that the first number that is missing is named.
        if let Entry::Vacant(place) = found.entry(case.common()) {
            place.insert(intervals(&common[&case.common()], &values, &sampler, (view, settings))?);
        }
    }
    Ok(cases.iter().map(|case| found[&case.common()][&case.number_kind()]).collect())
}

/// The interval of each kind of number, of cases that have everything else in common.
fn intervals(
    cases: &[&Case<'_>],
    values: &Values,
    sampler: &Sampler<'_>,
    (view, settings): (&View, &GateSettings),
) -> Result<BTreeMap<Kind, Interval>> {
    let how = &settings.bootstrap;
    let mut first = BTreeMap::new();
    for case in cases {
        if let Entry::Vacant(place) = first.entry(case.number_kind()) {
            let sampled = number(case, values, sampler).ok_or_else(|| missing(view, case))?;
            place.insert((case, sampled.interval(how.level), sampled));
        }
    }
    let goes_on = |case: &&Case<'_>| {
        // Intervals over blocks are rough however many draws there are.
        let may = case.subject.measure.sums().is_none() && !settings.by_point;
        may && is_open(case.threshold, &first[&case.number_kind()].1)
    };
    let is_open = cases.iter().any(goes_on);
    let all = first.into_iter().map(|(kind, (case, interval, sampled))| {
        let with_more = || more(case, values, (view, how), sampled).interval(how.level);
        (kind, if is_open { with_more() } else { interval })
    });
    Ok(all.collect())
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
        Some(class) if subject.measure == Measure::Rpc => {
            format!("a clean IoU of {class} above 0, of which a share can be kept")
        }
        None if subject.measure == Measure::Rpc && is_measured => {
            "a clean mIoU above 0, of which a share can be kept".to_owned()
        }
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
    let end = goes_on_to(how.resamples, view.images.len());
    let parts = (how.resamples..end).step_by(how.resamples).map(|from| from..end.min(from + how.resamples));
    let numbers = parts.filter_map(|part| number(case, values, &Sampler::new(view, how, part)));
    numbers.fold(first, |mut all, part| {
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
    // A share of nothing is no number: one of a class, for example, that the model does not find on clean images.
    Some(found.times(measure.unit().scale())).filter(|number| number.value.is_finite())
}
