//! Conditions under which every model predicts one and the same class everywhere, so that equal values rank nothing.

use crate::summary::{ModeChoice, Results};
use crate::view::{Cell, View};
use scribe_records::{Condition, Confusion};
use std::collections::BTreeSet;

/// The conditions under which all models together predict a single class, in each of the modes that `choice` shows, with its
/// index; none where there are fewer than two models.
pub(crate) fn one_class(results: &Results<'_>, choice: ModeChoice) -> Vec<(Condition, usize)> {
    let view = results.view();
    let of = |condition: Condition| {
        let shown = |cell: &&Cell| {
            let modes = results.of(&cell.series.model, choice).modes();
            cell.condition == condition && modes.contains(&cell.series.mode)
        };
        let cells: Vec<&Cell> = view.confusions.keys().filter(shown).collect();
        let models: BTreeSet<_> = cells.iter().map(|cell| &cell.series.model).collect();
        let predicted: BTreeSet<usize> = cells.iter().flat_map(|cell| predicted(view, cell)).collect();
        let single = predicted.first().filter(|_| predicted.len() == 1 && models.len() > 1).copied();
        single.map(|class| (condition.clone(), class))
    };
    view.corrupted().into_iter().filter_map(of).collect()
}

/// The classes that were predicted at a labelled pixel of a cell, under any draw of the corruption.
fn predicted(view: &View, cell: &Cell) -> BTreeSet<usize> {
    let further = view.further.get(cell).into_iter().flatten().map(|draw| &draw.confusion);
    let all: Vec<&Confusion> = view.confusions.get(cell).into_iter().chain(further).collect();
    let is_predicted = |class: &usize| {
        let at = |of: &&Confusion| (0..of.classes()).any(|truth| of.cell(truth, *class) > 0);
        all.iter().any(at)
    };
    (0..view.classes.len()).filter(is_predicted).collect()
}
