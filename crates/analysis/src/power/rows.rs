//! The spread of paired differences, and the numbers of images that follow from it.

use super::sample_size::SampleSize;
use crate::bootstrap::{Bootstrap, Interval, Sampled};
use crate::conventions::Sampler;
use crate::error::{Error, Result};
use crate::format::brief;
use crate::gate::{Chosen, Joined, ScoredRun, Subject, Target, Unit, Values, subjects};
use crate::summary::ModeChoice;
use crate::view::View;
use scribe_records::{Condition, ModelId};
use std::collections::BTreeSet;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerSettings {
    /// The resamples behind each spread. The tests are one-sided, at level alpha = (1 - level) / 2.
    pub bootstrap: Bootstrap,
    /// The probability with which a test shall succeed.
    pub power: f64,
    /// The difference that shall be shown, in percent points.
    pub difference: f64,
    /// The mode of every number; `None` for the modes of Table 1.
    pub mode: Option<ModeChoice>,
    /// Id or name of the reference of corruption errors; `None` for the report's.
    pub reference: Option<String>,
    /// Id or name of the baseline's model that every model is compared with.
    pub baseline_model: Option<String>,
}

impl Default for PowerSettings {
    /// 80 % power for one point; 4000 resamples, whose spread is known to about 1 % of itself.
    fn default() -> PowerSettings {
        PowerSettings {
            bootstrap: Bootstrap { resamples: 4000, ..Bootstrap::STANDARD },
            power: 0.8,
            difference: 1.0,
            mode: None,
            reference: None,
            baseline_model: None,
        }
    }
}

/// One number of two models.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PowerRow {
    /// The number, such as `rpc`.
    pub target: String,
    /// The name of the model from whose value the other's is taken.
    pub a: String,
    /// The name of the other model.
    pub b: String,
    /// The difference in percent points, with its interval over images alone.
    pub difference: Interval,
    /// The standard deviation that one image has in it, in percent points.
    pub spread: f64,
    /// The difference that the run's own images show.
    pub shown: f64,
    /// How many images show the difference asked for, or that a model that is equal is not worse by so much.
    pub images: f64,
    /// How many images show that equal models are equivalent within that difference.
    pub for_equivalence: f64,
}

/// The rows of a run.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PowerResult {
    /// The run's name.
    pub run: String,
    /// The baseline's name.
    pub baseline: Option<String>,
    /// How many images the run scored.
    pub images: usize,
    /// Whether a model was trained with several seeds; their part of an interval does not shrink with more images.
    pub several_seeds: bool,
    /// What was asked for.
    pub settings: PowerSettings,
    /// A row for each number and pair of models.
    pub rows: Vec<PowerRow>,
}

/// How many images would show a difference: for every pair of models of the run or, with a baseline, for every model and
/// its counterpart there. `targets` are numbers by the grammar of thresholds, such as `mPC` or `miou/person:fog`.
///
/// # Errors
/// A setting is out of range, there are too many resamples for the images ([`Error::Resamples`]) or fewer than two whole
/// sequences ([`Error::Sequence`]), the run has a single picture, the run or the baseline is not finished ([`Error::Unfinished`]), a target cannot be read or names what the run does not have, there are no two models, or
/// the baseline did not score the same inputs.
pub fn power(
    run: &ScoredRun,
    baseline: Option<&ScoredRun>,
    targets: &[String],
    settings: &PowerSettings,
) -> Result<PowerResult> {
    check(settings, baseline.is_some())?;
    settings.bootstrap.check_for(run.view.images.len())?;
    run.check_finished()?;
    baseline.map_or(Ok(()), ScoredRun::check_finished)?;
    check_pictures(run)?;
    let asked = asked(run, targets, settings)?;
    let joined = joined(run, baseline, &asked)?;
    let pairs = |subject: &Subject| -> Result<Vec<(ModelId, String)>> {
        match &joined {
            Some((joined, baseline)) => {
                let other =
                    joined.counterpart(&subject.model, baseline, settings.baseline_model.as_deref())?;
                Ok(vec![(other.id, format!("{} of {}", other.title, baseline.name))])
            }
            None => Ok(earlier(&run.view, &subject.model)),
        }
    };
    let view = joined.as_ref().map_or(&run.view, |(joined, _)| &joined.view);
    let rows = rows(view, &run.view, &asked, &pairs, settings)?;
    if rows.is_empty() {
        return Err(Error::Missing {
            what: "two models with this number".to_owned(),
            expected: "two models in the run, or a baseline run (--against RUN)".to_owned(),
        });
    }
    Ok(PowerResult {
        run: run.name.clone(),
        baseline: baseline.map(|run| run.name.clone()),
        images: run.view.images.len(),
        several_seeds: run.view.models.iter().any(|model| run.view.seeds(model).len() > 1),
        settings: settings.clone(),
        rows,
    })
}

/// Refuses a single picture, which has no spread.
fn check_pictures(run: &ScoredRun) -> Result<()> {
    match run.view.images.len() {
        2.. => Ok(()),
        pictures => Err(Error::Missing {
            what: format!("spread over pictures: {} has {pictures} of them", run.name),
            expected: "two pictures or more".to_owned(),
        }),
    }
}

/// A number that is asked for, and whose it is.
type Asked = (String, Vec<Subject>);

fn asked(run: &ScoredRun, targets: &[String], settings: &PowerSettings) -> Result<Vec<Asked>> {
    let chosen = Chosen { mode: settings.mode, reference: settings.reference.clone() };
    let asked = |text: &String| {
        let target = read(text)?;
        Ok((target.text(), subjects(&run.view, &target, &chosen, false)?))
    };
    targets.iter().map(asked).collect()
}

/// The run's results beside the baseline's, under the conditions that the numbers need, and the baseline.
fn joined<'b>(
    run: &ScoredRun,
    baseline: Option<&'b ScoredRun>,
    asked: &[Asked],
) -> Result<Option<(Joined, &'b ScoredRun)>> {
    let Some(baseline) = baseline else { return Ok(None) };
    let needed: BTreeSet<Condition> =
        asked.iter().flat_map(|(_, all)| all.iter().flat_map(Subject::needed)).collect();
    Ok(Some((Joined::new(run, baseline, &needed)?, baseline)))
}

/// The rows of clean mIoU, mPC and rPC of every pair of models of a view, for the report.
pub(crate) fn power_of_view(view: &View, settings: &PowerSettings) -> Result<Vec<PowerRow>> {
    let mut asked = Vec::new();
    for text in ["miou:clean", "mpc", "rpc"] {
        let target = read(text)?;
        // What was not measured, a clean or a corrupted part, has no row.
        if let Ok(found) = subjects(view, &target, &Chosen::default(), false) {
            asked.push((target.text(), found));
        }
    }
    rows(view, view, &asked, &|subject| Ok(earlier(view, &subject.model)), settings)
}

type Pairs<'p> = &'p dyn Fn(&Subject) -> Result<Vec<(ModelId, String)>>;

fn rows(
    view: &View,
    run: &View,
    asked: &[Asked],
    pairs: Pairs<'_>,
    settings: &PowerSettings,
) -> Result<Vec<PowerRow>> {
    let how = &settings.bootstrap;
    let sampler = Sampler::of_pictures(view, how, 0..how.resamples);
    let values = Values::new(view, how, std::iter::empty());
    let mut rows = Vec::new();
    for (target, subjects) in asked {
        let own: Vec<Option<Sampled>> = subjects.iter().map(|subject| values.of(&sampler, subject)).collect();
        for (subject, value) in subjects.iter().zip(&own) {
            for (other, b) in pairs(subject)? {
                let place = subjects.iter().position(|s| s.model == other);
                let theirs = match place {
                    Some(place) => own[place].clone(),
                    None => values.of(&sampler, &subject.of(&other)),
                };
                let (Some(value), Some(theirs)) = (value, theirs) else { continue };
                let difference = value.with(&theirs, |a, b| a - b).times(Unit::Percent.scale());
                let (target, a) = (target.clone(), run.title(&subject.model));
                rows.push(row((target, a, b), &difference, view.images.len(), settings));
            }
        }
    }
    Ok(rows)
}

fn row(
    (target, a, b): (String, String, String),
    difference: &Sampled,
    images: usize,
    settings: &PowerSettings,
) -> PowerRow {
    let size = SampleSize { alpha: settings.bootstrap.alpha(), power: settings.power };
    let sequence = settings.bootstrap.sequence.max(1);
    let spread = spread(&difference.draws, images, images.div_ceil(sequence));
    PowerRow {
        target,
        a,
        b,
        difference: difference.interval(settings.bootstrap.level),
        spread,
        shown: size.difference_shown_by(spread, images),
        images: size.for_difference(spread, settings.difference),
        for_equivalence: size.for_equivalence(spread, settings.difference),
    }
}

/// The standard deviation that one image has in a number, from the number's under resamples of n images in m parts, sequences of
/// images or images alone: the standard deviation of the draws is smaller by the root of n and, because the draws come from the m
/// parts themselves, by the root of (m - 1) / m. NaN for fewer than two parts or draws.
pub(super) fn spread(draws: &[f64], images: usize, parts: usize) -> f64 {
    let finite: Vec<f64> = draws.iter().copied().filter(|x| x.is_finite()).collect();
    let (count, n, m) = (finite.len() as f64, images as f64, parts as f64);
    let mean = finite.iter().sum::<f64>() / count;
    let squares: f64 = finite.iter().map(|x| (x - mean).powi(2)).sum();
    if parts < 2 || finite.len() < 2 {
        return f64::NAN;
    }
    (squares / (count - 1.0) * n * m / (m - 1.0)).sqrt()
}

/// The models before one in the view, with their names.
fn earlier(view: &View, model: &ModelId) -> Vec<(ModelId, String)> {
    view.models.iter().take_while(|other| *other != model).map(|m| (m.clone(), view.title(m))).collect()
}

fn read(text: &str) -> Result<Target> {
    let target = Target::parse(text)?;
    if target.measure.unit() == Unit::Own {
        let reason = "its intervals draw blocks of images, so that no image has a spread".to_owned();
        return Err(Error::Threshold { text: text.to_owned(), reason });
    }
    Ok(target)
}

fn check(settings: &PowerSettings, has_baseline: bool) -> Result<()> {
    let wrong = |name, value: String, expected| Err(Error::Setting { name, value, expected });
    settings.bootstrap.check()?;
    let alpha = settings.bootstrap.alpha();
    // A test at level alpha succeeds so often without any difference.
    if !(settings.power > alpha + 1e-12 && settings.power < 1.0) {
        let value = format!("{}, where alpha is {}", settings.power, brief(alpha));
        return wrong("power", value, "a probability above alpha and below 1, such as 0.8");
    }
    if !(settings.difference > 0.0 && settings.difference.is_finite()) {
        return wrong("difference", settings.difference.to_string(), "more than 0 percent points");
    }
    match &settings.baseline_model {
        Some(name) if !has_baseline => wrong(
            "the baseline's model",
            format!("`{name}`, without a baseline"),
            "a baseline run too (--against RUN)",
        ),
        _ => Ok(()),
    }
}
