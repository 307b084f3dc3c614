//! What further modes of inference change against single scale, as CSV: `modes.csv`.

use super::field::{Field, csv, texts};
use crate::tables::ModeGap;
use crate::verdict::HoldsFor;
use crate::view::View;

/// One row for each model, mode and quantity; percent and percent points. `None` where only one mode was run.
pub(crate) fn modes(view: &View, gaps: &[ModeGap]) -> Option<String> {
    let head = [
        "model",
        "id",
        "mode",
        "quantity",
        "of_mode",
        "of_single",
        "difference",
        "low",
        "high",
        "established",
        "near_edge",
        "holds_for",
        "resamples",
        "dropped",
    ];
    let word = |yes: bool| Field::text(if yes { "yes" } else { "no" });
    let row = |one: &ModeGap| {
        let gap = &one.difference;
        let names = [&view.title(&one.model), one.model.as_str(), one.mode_choice.key(), &one.quantity]
            .map(Field::text);
        let values = [one.of_mode, one.of_single, gap.value, gap.low, gap.high];
        let values = values.map(|value| Field::percent(Some(value), 3));
        let verdict = [gap.excludes_zero(), gap.near_edge()].map(word);
        let holds = Field::text(HoldsFor::of(view, [&one.model]).key());
        let counts = [gap.draws, gap.dropped].map(Field::count);
        names.into_iter().chain(values).chain(verdict).chain([holds]).chain(counts).collect()
    };
    (!gaps.is_empty()).then(|| csv(texts(&head), gaps.iter().map(row)))
}
