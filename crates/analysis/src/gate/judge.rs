//! Judges thresholds.

use super::baseline::Joined;
use super::kind::Kind;
use super::result::{GateResult, Verdict};
use super::scored_run::ScoredRun;
use super::subject::{Chosen, Subject, subjects};
use super::threshold::Threshold;
use super::values::Values;
use crate::bootstrap::{Bootstrap, GOES_ON, Interval, Sampled};
use crate::conventions::Sampler;
use crate::error::{Error, Result};
use crate::summary::ModeChoice;
use crate::view::View;
use scribe_records::{Condition, ModelId};
use std::collections::BTreeSet;
use std::ops::Range;

/// How thresholds are judged.
#[derive(Debug, Clone, PartialEq)]
pub struct GateSettings {
    /// The resamples. A verdict is a one-sided test at level alpha = (1 - level) / 2.
    pub bootstrap: Bootstrap,
    /// Whether the value itself is judged, and not the bound of its interval.
    pub by_point: bool,
    /// The mode of every number; `None` for the modes of Table 1.
    pub mode: Option<ModeChoice>,
    /// Id or name of the reference of corruption errors; `None` for the report's.
    pub reference: Option<String>,
    /// Id or name of the baseline's model that every model is compared with; `None` for the one of the same id, or the
    /// only one.
    pub baseline_model: Option<String>,
}

impl Default for GateSettings {
    fn default() -> GateSettings {
        GateSettings {
            bootstrap: Bootstrap::STANDARD,
            by_point: false,
            mode: None,
            reference: None,
            baseline_model: None,
        }
    }
}

/// A threshold, and one number that it is about.
struct Case<'t> {
    threshold: &'t Threshold,
    subject: Subject,
    /// The baseline's model in the joined view.
    against: Option<ModelId>,
}

/// Judges every threshold for every model that it is about.
///
/// # Errors
/// There is no threshold, a threshold names what the run does not have, a number has no value, or a threshold needs a
/// baseline that is not there or did not score the same inputs ([`Error::Unpaired`]).
pub fn gate(
    run: &ScoredRun,
    baseline: Option<&ScoredRun>,
    thresholds: &[Threshold],
    settings: &GateSettings,
) -> Result<GateResult> {
    if thresholds.is_empty() {
        let expected = "at least one, such as min rPC>=60";
        return Err(Error::Setting { name: "the list of thresholds", value: "empty".to_owned(), expected });
    }
    let mut cases = cases(&run.view, thresholds, settings)?;
    let joined = join(run, baseline, &mut cases, settings)?;
    let view = joined.as_ref().map_or(&run.view, |joined| &joined.view);
    let how = &settings.bootstrap;
    let values = Values::new(view, how, cases.iter().map(|case| &case.subject));
    let first = Sampler::new(view, how, 0..how.resamples);
    let verdict = |case: &Case<'_>| verdict(case, &values, (view, &first), &run.view, settings);
    let verdicts = cases.iter().map(verdict).collect::<Result<Vec<Verdict>>>()?;
    Ok(GateResult {
        run: run.name.clone(),
        baseline: joined.as_ref().and(baseline).map(|run| run.name.clone()),
        images: run.view.images.len(),
        level: how.level,
        resamples: how.resamples,
        by_point: settings.by_point,
        verdicts,
    })
}

fn cases<'t>(view: &View, thresholds: &'t [Threshold], settings: &GateSettings) -> Result<Vec<Case<'t>>> {
    let chosen = Chosen { mode: settings.mode, reference: settings.reference.clone() };
    let mut cases = Vec::new();
    for threshold in thresholds {
        let found = subjects(view, &threshold.target, &chosen, threshold.kind == Kind::MaxDrop)?;
        cases.extend(found.into_iter().map(|subject| Case { threshold, subject, against: None }));
    }
    Ok(cases)
}

/// Joins the baseline to the run where a threshold compares with it, and finds each model's counterpart.
fn join(
    run: &ScoredRun,
    baseline: Option<&ScoredRun>,
    cases: &mut [Case<'_>],
    settings: &GateSettings,
) -> Result<Option<Joined>> {
    let Some(of) = cases.iter().find(|case| case.threshold.kind.needs_baseline()) else { return Ok(None) };
    let baseline = baseline.ok_or_else(|| Error::Threshold {
        text: of.threshold.to_string(),
        reason: "compares with a baseline run, and none is given (--against RUN)".to_owned(),
    })?;
    let compared = cases.iter_mut().filter(|case| case.threshold.kind.needs_baseline());
    let mut compared: Vec<_> = compared.collect();
    let needed: BTreeSet<Condition> = compared.iter().flat_map(|case| case.subject.needed()).collect();
    let joined = Joined::new(run, baseline, &needed)?;
    for case in &mut compared {
        let named = settings.baseline_model.as_deref();
        case.against = Some(joined.counterpart(&case.subject.model, baseline, named)?);
    }
    Ok(Some(joined))
}

fn verdict(
    case: &Case<'_>,
    values: &Values,
    (view, first): (&View, &Sampler<'_>),
    run: &View,
    settings: &GateSettings,
) -> Result<Verdict> {
    let (threshold, how) = (case.threshold, &settings.bootstrap);
    let missing = || Error::Missing {
        what: format!("value of `{threshold}` for the model `{}`", case.subject.model),
        expected: "measured results on both sides, in the modes that are compared".to_owned(),
    };
    let sampled = number(case, values, first).ok_or_else(missing)?;
    let bounds: &[f64] = match threshold.kind {
        Kind::Equivalent => &[-threshold.bound, threshold.bound],
        _ => &[threshold.bound],
    };
    let is_open = |i: &Interval| bounds.iter().any(|bound| i.is_open_at(*bound));
    let mut interval = sampled.interval(how.level);
    // Intervals over blocks are rough however many draws there are.
    let goes_on = case.subject.measure.sums().is_none() && !settings.by_point;
    if goes_on && is_open(&interval) {
        interval = more(case, values, (view, how), sampled).interval(how.level);
    }
    let passed = passes(threshold, &interval, settings.by_point);
    Ok(Verdict {
        threshold: threshold.to_string(),
        model: run.title(&case.subject.model),
        id: case.subject.model.clone(),
        interval,
        unit: case.subject.measure.unit(),
        needs: needs(threshold, settings.by_point),
        passed,
        is_open: !settings.by_point && is_open(&interval),
    })
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
    let other = |against: Option<&ModelId>| values.of(sampler, &case.subject.of(against?));
    let sign = measure.direction().unwrap_or(1.0);
    let found = match case.threshold.kind {
        Kind::Min | Kind::Max => own,
        Kind::MaxDrop => values.of(sampler, &case.subject.on_clean())?.with(&own, |a, b| sign * (a - b)),
        Kind::MaxLoss => other(case.against.as_ref())?.with(&own, |a, b| sign * (a - b)),
        Kind::MinGain => own.with(&other(case.against.as_ref())?, |a, b| sign * (a - b)),
        Kind::Equivalent => own.with(&other(case.against.as_ref())?, |a, b| a - b),
    };
    Some(found.times(measure.unit().scale()))
}

/// Whether the interval's bound, or the value, keeps to the threshold. An end that is not a number keeps to none.
fn passes(threshold: &Threshold, interval: &Interval, by_point: bool) -> bool {
    let ends = if by_point { [interval.value; 2] } else { [interval.low, interval.high] };
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
fn needs(threshold: &Threshold, by_point: bool) -> String {
    let (op, bound) = (threshold.op(), threshold.bound);
    let what = match (by_point, threshold.kind) {
        (true, Kind::Equivalent) => return format!("value within ±{bound}"),
        (true, _) => "value",
        (false, Kind::Min | Kind::MinGain) => "low",
        (false, Kind::Max | Kind::MaxDrop | Kind::MaxLoss) => "high",
        (false, Kind::Equivalent) => return format!("both ends within ±{bound}"),
    };
    format!("{what} {op} {bound}")
}
