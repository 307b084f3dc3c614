//! How much of a drop is label shift, as CSV: `label-shift.csv`.

use super::field::{Field, csv, texts};
use crate::label_shift::LabelShift;
use crate::view::View;

/// One row for each model, mode and severity, the mean over severities with `mean` in its column; percent. `None` where no
/// label map moved.
pub(crate) fn label_shift(view: &View, shifts: &[LabelShift]) -> Option<String> {
    let head = [
        "model",
        "id",
        "results",
        "corruption",
        "severity",
        "clean",
        "label_stays",
        "label_moves",
        "drop",
        "label_shift",
        "low",
        "high",
        "share",
        "resamples",
        "dropped",
    ];
    let row = |one: &LabelShift| {
        let severity = one.severity.map_or_else(|| Field::text("mean"), |s| Field::Count(s.into()));
        let names = [
            Field::Text(view.title(&one.model)),
            Field::text(one.model.as_str()),
            Field::text(one.mode_choice.key()),
            Field::text(&one.corruption),
            severity,
        ];
        let values = [one.clean, one.stayed, one.moved, one.clean - one.stayed].map(Some);
        let shift = [one.shift.value, one.shift.low, one.shift.high].map(Some);
        let numbers = values.into_iter().chain(shift).chain([one.share]);
        let counts = [one.shift.draws, one.shift.dropped].map(Field::count);
        names.into_iter().chain(numbers.map(|value| Field::percent(value, 3))).chain(counts).collect()
    };
    (!shifts.is_empty()).then(|| csv(texts(&head), shifts.iter().map(row)))
}
