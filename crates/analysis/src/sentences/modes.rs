//! Sentences on what further modes of inference change against single scale.

use super::verdict::verdict;
use crate::contents::Contents;
use crate::summary::{ModeChoice, Quantity};
use crate::verdict::HoldsFor;
use scribe_records::ModelId;

/// A sentence for every mode of inference that was run beside single scale.
pub(super) fn modes(contents: &Contents<'_>) -> Vec<String> {
    ModeChoice::OF_ONE_MODE.into_iter().filter_map(|choice| sentence(contents, choice)).collect()
}

fn sentence(contents: &Contents<'_>, choice: ModeChoice) -> Option<String> {
    let models = contents.view.models.iter();
    let parts: Vec<String> = models.filter_map(|model| part(contents, model, choice)).collect();
    (!parts.is_empty()).then(|| format!("In {} against single scale: {}.", choice.title(), parts.join("; ")))
}

/// What the mode changes of one model: "Softmax clean -3.9 points (...), under corruption -2.0 points (...)".
fn part(contents: &Contents<'_>, model: &ModelId, choice: ModeChoice) -> Option<String> {
    let holds = HoldsFor::of(contents.view, [model]);
    let gap = |(words, quantity): (&str, Quantity<'_>)| {
        let name = quantity.name();
        let mut all = contents.mode_gaps.iter();
        let own = all.find(|gap| gap.model == *model && gap.mode_choice == choice && gap.quantity == name)?;
        Some(format!("{words} {}", verdict(&own.difference, holds)))
    };
    let quantities = [("clean", Quantity::Clean), ("under corruption", Quantity::Cor)];
    let parts: Vec<String> = quantities.into_iter().filter_map(gap).collect();
    (!parts.is_empty()).then(|| format!("{} {}", contents.view.title(model), parts.join(", ")))
}
