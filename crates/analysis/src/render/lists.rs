//! Long lists as CSV, one row a value: cells with their intervals, classes, and differences between models.

use scribe_records::{Condition, Mode, ModelId};

use crate::bootstrap::{Interval, Over, Resampled};
use crate::measures::{Measure, Measured};
use crate::seeds::seed_spread;
use crate::summary::{self, Cells};
use crate::tables;
use crate::view::View;

/// Every mIoU with its interval and, where there are several training seeds, their standard deviation; percent.
pub fn cells(view: &View, resampled: &Resampled) -> String {
    let head = [
        "model",
        "results",
        "corruption",
        "severity",
        "miou",
        "low",
        "high",
        "seeds",
        "seed_sd",
        "draws",
        "dropped",
    ];
    let mut rows = Vec::new();
    for (model, cells, condition) in keys(view) {
        let over = if condition.is_clean() { Over::Clean } else { Over::One(&condition) };
        let Some(value) = over.point(view, &model, cells) else { continue };
        let interval = resampled.interval(view, &model, cells, over);
        let seeds = view.seeds(&model).len();
        let spread = if seeds > 1 { seed_spread(view, &model, cells, over) } else { None };
        rows.push(vec![
            view.title(&model),
            cells.key().to_owned(),
            condition.corruption.clone(),
            condition.severity.to_string(),
            percent(Some(value)),
            percent(interval.map(|i| i.low)),
            percent(interval.map(|i| i.high)),
            seeds.to_string(),
            percent(spread.and_then(|s| s.deviation)),
            interval.map_or_else(String::new, |i| i.draws.to_string()),
            interval.map_or_else(String::new, |i| i.dropped.to_string()),
        ]);
    }
    csv(&head, rows)
}

/// IoU of every class under every condition, mean over training seeds; percent, empty where the class is undefined.
pub fn classes(view: &View) -> String {
    let head = ["model", "results", "corruption", "severity", "class", "iou"];
    let mut rows = Vec::new();
    for (model, cells, condition) in keys(view) {
        let mode = if cells == Cells::Msc { Mode::msc() } else { Mode::single() };
        let of: Vec<_> = view
            .confusions
            .iter()
            .filter(|(c, _)| c.series.model == model && c.series.mode == mode && c.condition == condition)
            .map(|(_, confusion)| confusion)
            .collect();
        for (class, name) in view.classes.iter().enumerate().filter(|_| !of.is_empty()) {
            rows.push(vec![
                view.title(&model),
                cells.key().to_owned(),
                condition.corruption.clone(),
                condition.severity.to_string(),
                name.clone(),
                percent(summary::mean(of.iter().filter_map(|c| c.iou(class)))),
            ]);
        }
    }
    csv(&head, rows)
}

/// Every difference between two models, in percent points.
pub fn differences(view: &View, all: &[tables::Difference]) -> String {
    let head = [
        "a",
        "b",
        "results",
        "quantity",
        "of_a",
        "of_b",
        "difference",
        "low",
        "high",
        "established",
        "near_edge",
        "draws",
        "dropped",
    ];
    let word = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let row = |d: &tables::Difference| {
        let verdict = [d.gap.excludes_zero(), d.gap.near_edge()].map(word);
        let counts = [d.gap.draws, d.gap.dropped].map(|n| n.to_string());
        let names = [view.title(&d.a), view.title(&d.b), d.cells.key().to_owned(), d.over.clone()];
        let values = [d.of_a, d.of_b, d.gap.value, d.gap.low, d.gap.high].map(|x| percent(Some(x)));
        names.into_iter().chain(values).chain(verdict).chain(counts).collect()
    };
    csv(&head, all.iter().map(row))
}

/// Every measure of [`crate::measures`] with its interval over blocks of pictures, in its own unit.
pub fn measures(view: &View, measured: &Measured) -> String {
    let head =
        ["model", "results", "corruption", "severity", "measure", "value", "low", "high", "draws", "dropped"];
    let number = |x: f64| if x.is_finite() { format!("{:.5}", x + 0.0) } else { String::new() };
    let row = |(model, mode, condition, measure, i): (&ModelId, &Mode, &Condition, Measure, Interval)| {
        let names = [view.title(model), mode.to_string(), condition.corruption.clone()];
        let place = [condition.severity.to_string(), measure.key()];
        let counts = [i.draws, i.dropped].map(|n| n.to_string());
        names.into_iter().chain(place).chain([i.value, i.low, i.high].map(number)).chain(counts).collect()
    };
    csv(&head, measured.all().map(row))
}

/// Every model, kind of results and condition, in the order of the models; the average of modes is no kind of its own here.
fn keys(view: &View) -> Vec<(ModelId, Cells, Condition)> {
    let conditions: Vec<_> = std::iter::once(Condition::clean()).chain(view.corrupted()).collect();
    let kinds = [(Cells::Single, Mode::single()), (Cells::Msc, Mode::msc())];
    let mut out = Vec::new();
    for model in &view.models {
        for (cells, _) in kinds.iter().filter(|(_, mode)| view.has_mode(mode)) {
            out.extend(conditions.iter().map(|c| (model.clone(), *cells, c.clone())));
        }
    }
    out
}

/// Rows below a head.
pub(crate) fn csv(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(head).expect("a vector takes every write");
    for row in rows {
        let fields = row.iter().map(|text| super::plain::field(text));
        writer.write_record(fields).expect("every row has the head's length");
    }
    String::from_utf8(writer.into_inner().expect("a vector takes every write"))
        .expect("only text was written")
}

/// A fraction in percent with three decimals; empty where there is none.
fn percent(value: Option<f64>) -> String {
    super::percent(value.filter(|x| x.is_finite()).map(|x| x + 0.0), 3, "")
}
