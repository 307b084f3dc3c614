//! The list of fitted temperatures: `temperatures.csv`.

use super::field::{Field, csv, texts};
use crate::view::{FittedTemperature, View};
use scribe_records::{Probability, Series};

/// The temperature of each series and kind of probability, with the mean loss in nats at 1 and there; `None` where none
/// was fitted.
pub(crate) fn temperatures(view: &View) -> Option<String> {
    let head = [
        "model",
        "id",
        "seed",
        "mode",
        "probability",
        "temperature",
        "at_end_of_grid",
        "pixels",
        "loss_at_1",
        "loss",
    ];
    let rows = in_order(view).into_iter().map(|(series, kind, fitted)| {
        let yes_or_no = if fitted.at_end { "yes" } else { "no" };
        let [before, after] = fitted.losses.map(|loss| Field::Number(Some(loss), 6));
        vec![
            Field::Text(view.title(&series.model)),
            Field::text(series.model.as_str()),
            Field::Count(series.seed),
            Field::text(series.mode.as_str()),
            Field::Text(kind.to_string()),
            Field::Number(Some(fitted.temperature), 6),
            Field::text(yes_or_no),
            Field::Count(fitted.pixels),
            before,
            after,
        ]
    });
    (!view.temperatures.is_empty()).then(|| csv(texts(&head), rows))
}

/// The fitted temperatures in the order of the models, and of one model by seed, mode and kind.
pub(crate) fn in_order(view: &View) -> Vec<(&Series, Probability, &FittedTemperature)> {
    let all = view.temperatures.iter().map(|((series, kind), fitted)| (series, *kind, fitted));
    let mut all: Vec<_> = all.collect();
    // A stable sort: the map has the rest of the order.
    all.sort_by_key(|(series, _, _)| view.models.iter().position(|model| *model == series.model));
    all
}
