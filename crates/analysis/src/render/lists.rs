//! Long lists as CSV, one row a value: cells with their intervals, classes, and differences between models.

use super::difference_fields::{HEAD, difference_fields};
use super::field::{Field, csv, texts};
use crate::bootstrap::{Interval, Resampled};
use crate::classes::{ClassIous, ClassSet};
use crate::conventions::{Convention, ConventionRow, ConventionTable};
use crate::given::Likeness;
use crate::measures::{Measure, Measured};
use crate::seeds::SeedResults;
use crate::summary::{ModeChoice, ModelResults, Quantity, Results};
use crate::tables;
use crate::unmapped::{self, Unmapped};
use crate::verdict::HoldsFor;
use crate::view::{Cell, View};
use scribe_records::{Condition, Mode, ModelId};

/// How alike given conditions and corruptions are; `None` where no condition is given.
pub(crate) fn given(view: &View, likenesses: &[Likeness]) -> Option<String> {
    let head =
        ["model", "id", "given", "severity", "corruption", "given_miou", "corrupted_miou", "rho", "pairs"];
    let row = |one: &Likeness| {
        let (title, id) = match &one.model {
            Some(model) => (Field::Text(view.title(model)), Field::text(model.as_str())),
            None => (Field::text("all models"), Field::Empty),
        };
        vec![
            title,
            id,
            Field::text(&one.given.corruption),
            Field::Count(one.given.severity.into()),
            Field::text(&one.corruption),
            percent(one.given_miou),
            percent(one.corrupted_miou),
            Field::Number(one.rho, 4),
            Field::count(one.pairs),
        ]
    };
    (!likenesses.is_empty()).then(|| csv(texts(&head), likenesses.iter().map(row)))
}

/// Pixels that a model's map ignores; `None` where there are none.
pub(crate) fn unmapped(view: &View) -> Option<String> {
    let head = ["model", "id", "seed", "mode", "corruption", "severity", "class", "unmapped", "labelled"];
    let row = |one: &Unmapped<'_>| {
        let Cell { series, condition } = one.cell;
        vec![
            Field::Text(view.title(&series.model)),
            Field::text(series.model.as_str()),
            Field::Count(series.seed),
            Field::text(series.mode.as_str()),
            Field::text(&condition.corruption),
            Field::Count(condition.severity.into()),
            Field::Text(view.classes.get(one.class).cloned().unwrap_or_else(|| one.class.to_string())),
            Field::Count(one.unmapped),
            Field::Count(one.labelled),
        ]
    };
    let all = unmapped::unmapped(view);
    (!all.is_empty()).then(|| csv(texts(&head), all.iter().map(row)))
}

/// Every mIoU with its interval and, where there are several training seeds, their standard deviation; percent.
pub(crate) fn cells(results: &Results<'_>, resampled: &Resampled) -> String {
    let head = [
        "model",
        "id",
        "results",
        "corruption",
        "severity",
        "miou",
        "low",
        "high",
        "seeds",
        "seed_sd",
        "resamples",
        "dropped",
    ];
    let conditions: Vec<_> = std::iter::once(Condition::clean()).chain(results.view().corrupted()).collect();
    let mut rows = Vec::new();
    for of in with_average(results) {
        let seeds = SeedResults::new(of);
        rows.extend(conditions.iter().filter_map(|condition| cell(of, &seeds, resampled, condition)));
    }
    csv(texts(&head), rows)
}

fn cell(
    of: &ModelResults<'_>,
    seeds: &SeedResults<'_, '_>,
    resampled: &Resampled,
    condition: &Condition,
) -> Option<Vec<Field>> {
    let quantity = if condition.is_clean() { Quantity::Clean } else { Quantity::One(condition) };
    let value = of.value(quantity)?;
    let interval = resampled.interval(of, quantity);
    let several = of.view().seeds(of.model()).len();
    let spread = if several > 1 { seeds.spread(quantity) } else { None };
    let count =
        |number: fn(&Interval) -> usize| interval.as_ref().map_or(Field::Empty, |i| Field::count(number(i)));
    Some(vec![
        Field::Text(of.title()),
        Field::text(of.model().as_str()),
        Field::text(of.mode_choice().key()),
        Field::text(&condition.corruption),
        Field::Count(condition.severity.into()),
        percent(Some(value)),
        percent(interval.map(|i| i.low)),
        percent(interval.map(|i| i.high)),
        Field::count(several),
        percent(spread.and_then(|s| s.deviation)),
        count(|i| i.draws),
        count(|i| i.dropped),
    ])
}

/// IoU of every class with its interval, mean over draws of the corruptions and training seeds, under every condition and, as `corrupted` without
/// a severity, of one confusion over the paper's corruptions; percent, empty where the class is undefined.
pub(crate) fn classes(view: &View, ious: &ClassIous) -> String {
    let head = [
        "model",
        "id",
        "results",
        "corruption",
        "severity",
        "class",
        "iou",
        "low",
        "high",
        "resamples",
        "dropped",
    ];
    let conditions = std::iter::once(Condition::clean()).chain(view.corrupted());
    let one =
        |c: Condition| ([Field::text(&c.corruption), Field::Count(c.severity.into())], ClassSet::One(c));
    let all = ([Field::text("corrupted"), Field::Empty], ClassSet::Corrupted);
    let sets: Vec<_> = conditions.map(one).chain([all]).collect();
    let mut rows = Vec::new();
    for model in &view.models {
        for choice in ModeChoice::held_by(view) {
            for ([corruption, severity], set) in &sets {
                let mode = choice.mode();
                let Some(found) = ious.get(model, &mode, set) else { continue };
                rows.extend(view.classes.iter().zip(found).map(|(name, iou)| {
                    let names = [&view.title(model), model.as_str(), choice.key()].map(Field::text);
                    let place = [corruption.clone(), severity.clone(), Field::text(name)];
                    let values = [iou.map(|i| i.value), iou.map(|i| i.low), iou.map(|i| i.high)];
                    let count = |of: fn(&Interval) -> usize| {
                        iou.as_ref().map_or(Field::Empty, |i| Field::count(of(i)))
                    };
                    let counts = [count(|i| i.draws), count(|i| i.dropped)];
                    names.into_iter().chain(place).chain(values.map(percent)).chain(counts).collect()
                }));
            }
        }
    }
    csv(texts(&head), rows)
}

/// Every difference between two models, in percent points.
pub(crate) fn differences(view: &View, all: &[tables::Difference]) -> String {
    let own = ["a", "b", "id_a", "id_b", "results", "modes_a", "modes_b", "quantity", "of_a", "of_b"];
    let head = [&own[..], &HEAD].concat();
    let modes = |of: &[Mode]| of.iter().map(Mode::as_str).collect::<Vec<_>>().join("+");
    let row = |d: &tables::Difference| {
        let names = [&view.title(&d.a), &view.title(&d.b), d.a.as_str(), d.b.as_str()].map(Field::text);
        let what =
            [d.mode_choice.key(), &modes(&d.modes[0]), &modes(&d.modes[1]), &d.quantity].map(Field::text);
        let rest = difference_fields([d.of_a, d.of_b], &d.difference, HoldsFor::of(view, [&d.a, &d.b]));
        names.into_iter().chain(what).chain(rest).collect()
    };
    csv(texts(&head), all.iter().map(row))
}

/// Every model's scores by the conventions of other papers and packages, percent.
pub(crate) fn conventions(view: &View, table: &ConventionTable) -> String {
    let head =
        ["model", "id", "results", "convention", "images", "value", "low", "high", "resamples", "dropped"];
    let row = |row: &ConventionRow, images: &str, i: Interval| {
        let key = row.convention.map_or(ConventionTable::WORST_KEY, Convention::key);
        let names = [&view.title(&row.model), row.model.as_str(), row.mode.as_str(), key, images];
        let values = [i.value, i.low, i.high].map(|x| percent(Some(x)));
        let counts = [i.draws, i.dropped].map(Field::count);
        names.map(Field::text).into_iter().chain(values).chain(counts).collect::<Vec<Field>>()
    };
    let rows = table.rows.iter().flat_map(|one| {
        let both = [("clean", one.clean), ("corrupted", one.corrupted)];
        both.into_iter().filter_map(move |(images, i)| Some(row(one, images, i?)))
    });
    csv(texts(&head), rows)
}

/// Every measure of [`crate::measures`] with its interval over blocks of pictures, in its own unit.
pub(crate) fn measures(view: &View, measured: &Measured) -> String {
    let head = [
        "model",
        "id",
        "results",
        "corruption",
        "severity",
        "measure",
        "value",
        "low",
        "high",
        "resamples",
        "dropped",
    ];
    let number = |x: f64| Field::Number(Some(x), 5);
    let row = |(model, mode, condition, measure, i): (&ModelId, &Mode, &Condition, Measure, Interval)| {
        let names =
            [&view.title(model), model.as_str(), mode.as_str(), &condition.corruption].map(Field::text);
        let place = [Field::Count(condition.severity.into()), Field::Text(measure.key())];
        let counts = [i.draws, i.dropped].map(Field::count);
        names.into_iter().chain(place).chain([i.value, i.low, i.high].map(number)).chain(counts).collect()
    };
    csv(texts(&head), measured.all().map(row))
}

/// The results of every model and kind, in the order of the models; the average where a model has both modes.
fn with_average<'a, 'v>(results: &'a Results<'v>) -> Vec<&'a ModelResults<'v>> {
    let mut out = Vec::new();
    for average in results.all(ModeChoice::AsPrinted) {
        out.extend((average.modes().len() > 1).then_some(average));
        out.extend(ModeChoice::held_by(results.view()).into_iter().map(|c| results.of(average.model(), c)));
    }
    out
}

/// A fraction in percent with three decimals; empty where there is none.
fn percent(value: Option<f64>) -> Field {
    Field::percent(value, 3)
}
