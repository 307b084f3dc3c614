//! The list of fitted temperatures: `temperatures.csv`.

use super::lists::csv;
use crate::view::View;

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
    let rows = view.temperatures.iter().map(|((series, kind), fitted)| {
        let yes_or_no = if fitted.at_end { "yes" } else { "no" };
        let [before, after] = fitted.losses.map(|loss| format!("{loss:.6}"));
        vec![
            view.title(&series.model),
            series.model.to_string(),
            series.seed.to_string(),
            series.mode.to_string(),
            kind.to_string(),
            format!("{:.6}", fitted.temperature),
            yes_or_no.to_owned(),
            fitted.pixels.to_string(),
            before,
            after,
        ]
    });
    (!view.temperatures.is_empty()).then(|| csv(&head, rows))
}
