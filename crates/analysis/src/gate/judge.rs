//! Judges thresholds.

use super::baseline::Joined;
use super::case::{Case, cases};
use super::kind::Kind;
use super::numbers::numbers;
use super::result::{GateResult, Verdict};
use super::rule::{is_open, needs, passes};
use super::scope::{modes, partly_corrupted};
use super::scored_run::ScoredRun;
use super::settings::GateSettings;
use super::threshold::Threshold;
use crate::bootstrap::Interval;
use crate::error::{Error, Result};
use crate::view::View;
use scribe_records::Condition;
use std::collections::BTreeSet;

/// The most thresholds of a list.
const MOST_THRESHOLDS: usize = 1000;

/// Judges every threshold for every model that it is about.
///
/// # Errors
/// There is no threshold, or there are more than 1000, a threshold names what the run does not have, a number has no value, there are too few resamples
/// for the level, or too many for the images ([`Error::Resamples`]), fewer than two whole sequences ([`Error::Sequence`]) or a single
/// picture where intervals judge, the run or the baseline is not finished ([`Error::Unfinished`]), no threshold compares with the baseline, or one needs a baseline that is not there or did not score the
/// same inputs ([`Error::Unpaired`]).
pub fn gate(
    run: &ScoredRun,
    baseline: Option<&ScoredRun>,
    thresholds: &[Threshold],
    settings: &GateSettings,
) -> Result<GateResult> {
    check_number(thresholds.len())?;
    let how = &settings.bootstrap;
    how.check()?;
    how.check_for(run.view.images.len())?;
    run.check_finished()?;
    baseline.map_or(Ok(()), ScoredRun::check_finished)?;
    let mut cases = cases(&run.view, thresholds, settings)?;
    let joined = join(run, baseline, &mut cases, settings)?;
    let view = joined.as_ref().map_or(&run.view, |joined| &joined.view);
    let numbers = numbers(view, &cases, settings)?;
    check_pictures(run, settings)?;
    let verdict = |(case, interval): (&Case<'_>, Interval)| verdict(case, interval, &run.view, settings);
    let verdicts = cases.iter().zip(numbers).map(verdict).collect();
    Ok(GateResult {
        run: run.name.clone(),
        baseline: joined.as_ref().and(baseline).map(|run| run.name.clone()),
        images: run.view.images.len(),
        scope: scope(&run.view, &cases, how.sequence),
        level: how.level,
        resamples: how.resamples,
        by_point: settings.by_point,
        verdicts,
    })
}

/// Refuses no threshold at all, and far more than anybody reads the verdicts of: each has its own number with all its resamples.
fn check_number(thresholds: usize) -> Result<()> {
    let (value, expected) = match thresholds {
        0 => ("empty".to_owned(), "at least one, such as min rPC>=60"),
        1..=MOST_THRESHOLDS => return Ok(()),
        many => (format!("{many} long"), "at most 1000 thresholds"),
    };
    Err(Error::Setting { name: "the list of thresholds", value, expected })
}

/// Joins the baseline to the run where a threshold compares with it, and finds each model's counterpart.
fn join(
    run: &ScoredRun,
    baseline: Option<&ScoredRun>,
    cases: &mut [Case<'_>],
    settings: &GateSettings,
) -> Result<Option<Joined>> {
    let Some(of) = cases.iter().find(|case| case.threshold.kind.needs_baseline()) else {
        return unused(baseline, settings).map(|()| None);
    };
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

/// Refuses a baseline that no threshold compares with: it would be forgotten without a word.
fn unused(baseline: Option<&ScoredRun>, settings: &GateSettings) -> Result<()> {
    let (name, value) = match (baseline, &settings.baseline_model) {
        (Some(run), _) => ("the baseline", &run.name),
        (None, Some(model)) => ("the baseline's model", model),
        (None, None) => return Ok(()),
    };
    let value = format!("{value}, but no threshold compares with it");
    Err(Error::Setting {
        name,
        value,
        expected: "max-loss, min-gain or equivalent beside it, or no baseline",
    })
}

/// In which modes the numbers are taken, of how many of the corrupted conditions, and how the pictures are drawn.
fn scope(run: &View, cases: &[Case<'_>], sequence: usize) -> String {
    let about = |case: &Case<'_>| case.threshold.target.is_on_corrupted(case.threshold.kind == Kind::MaxDrop);
    let partly = cases.iter().any(about).then(|| partly_corrupted(run)).flatten();
    let modes = modes(cases.iter().map(|case| &case.subject));
    let sequences = (sequence > 1).then(|| format!("pictures drawn in sequences of {sequence}"));
    std::iter::once(modes).chain(partly).chain(sequences).collect::<Vec<_>>().join(", ")
}

/// Refuses a single picture, of which every resample is the set itself, where intervals judge.
fn check_pictures(run: &ScoredRun, settings: &GateSettings) -> Result<()> {
    let pictures = run.view.images.len();
    if pictures > 1 || settings.by_point {
        return Ok(());
    }
    Err(Error::Missing {
        what: format!("interval over pictures: {} has {pictures} of them", run.name),
        expected: "two pictures or more, or to be judged by values alone (--point)".to_owned(),
    })
}

fn verdict(case: &Case<'_>, interval: Interval, run: &View, settings: &GateSettings) -> Verdict {
    let threshold = case.threshold;
    Verdict {
        threshold: threshold.to_string(),
        model: run.title(&case.subject.model),
        id: case.subject.model.clone(),
        against: case.against.as_ref().map(|other| other.title.clone()),
        interval,
        unit: case.subject.measure.unit(),
        needs: needs(threshold, settings.by_point),
        passed: passes(threshold, &interval, settings.by_point),
        is_open: !settings.by_point && is_open(threshold, &interval),
    }
}
