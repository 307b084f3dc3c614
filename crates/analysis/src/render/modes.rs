//! What further modes of inference change against single scale, as CSV: `modes.csv`.

use super::difference_fields::{HEAD, difference_fields};
use super::field::{Field, csv, texts};
use crate::tables::ModeGap;
use crate::verdict::HoldsFor;
use crate::view::View;

/// One row for each model, mode and quantity; percent and percent points. `None` where only one mode was run.
pub(crate) fn modes(view: &View, gaps: &[ModeGap]) -> Option<String> {
    let head = [&["model", "id", "mode", "quantity", "of_mode", "of_single"], &HEAD[..]].concat();
    let row = |one: &ModeGap| {
        let names = [&view.title(&one.model), one.model.as_str(), one.mode_choice.key(), &one.quantity]
            .map(Field::text);
        let holds = HoldsFor::of(view, [&one.model]);
        let rest = difference_fields([one.of_mode, one.of_single], &one.difference, holds);
        names.into_iter().chain(rest).collect()
    };
    (!gaps.is_empty()).then(|| csv(texts(&head), gaps.iter().map(row)))
}
