//! The list of differences between models that differences.csv, the duels and the report's sentences are made from.
//!
//! It has one entry for each pair of models, each mode or mean of modes that was run, and each quantity: the mIoU on the
//! clean pictures, cor, rPC, the means over a group, a severity or a corruption, and each single condition. An entry holds
//! both values and their difference with its interval under the paired bootstrap.

use crate::bootstrap::{Interval, Resampled};
use crate::names::{COLUMNS, position};
use crate::summary::{ModeChoice, ModelResults, Quantity, Results};
use crate::view::View;
use scribe_records::{Condition, Mode, ModelId};

/// Value of `a` minus value of `b` of one quantity.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Difference {
    /// The first model.
    pub(crate) a: ModelId,
    /// The second model.
    pub(crate) b: ModelId,
    /// The mode, or the mean of modes, that both values are computed from.
    pub(crate) mode_choice: ModeChoice,
    /// The name of the quantity ([`Quantity::name`]).
    pub(crate) quantity: String,
    /// Whether the quantity is one condition of the paper's fifteen corruptions: a cell of Table 1's body.
    pub(crate) is_table1_cell: bool,
    /// The modes that `a` and `b` are the mean of: two models may differ in them where `mode_choice` is [`ModeChoice::AsPrinted`].
    pub(crate) modes: [Vec<Mode>; 2],
    /// The value of `a`.
    pub(crate) of_a: f64,
    /// The value of `b`.
    pub(crate) of_b: f64,
    /// The difference with its interval under the paired bootstrap.
    pub(crate) difference: Interval,
}

/// All pairs of models (a later one minus an earlier one), for every result that was measured: clean, all corrupted,
/// rPC, groups, severities, corruptions and each condition.
pub(crate) fn differences(results: &Results<'_>, resampled: &Resampled) -> Vec<Difference> {
    let view = results.view();
    let conditions: Vec<Condition> = in_order(view);
    let mut quantities: Vec<Quantity<'_>> = Quantity::of_the_paper();
    quantities.extend(conditions.iter().map(Quantity::One));
    // Corruptions beyond the paper's fifteen come last, and are not cells of Table 1.
    let extras = view.extras();
    let extra: Vec<Condition> =
        view.corrupted().into_iter().filter(|c| extras.contains(&c.corruption)).collect();
    quantities.extend(extras.iter().map(|name| Quantity::Corruption(name)));
    quantities.extend(extra.iter().map(Quantity::One));
    let mut out = Vec::new();
    for mode_choice in measured(results) {
        let all: Vec<_> = results.all(mode_choice).collect();
        for (i, b) in all.iter().enumerate() {
            for a in &all[i + 1..] {
                out.extend(quantities.iter().filter_map(|quantity| difference(resampled, a, b, *quantity)));
            }
        }
    }
    out
}

/// The choice of modes that Table 1 shows, and every single mode of the view.
fn measured(results: &Results<'_>) -> Vec<ModeChoice> {
    let mut all = ModeChoice::held_by(results.view());
    if !all.is_empty() && results.shown() == ModeChoice::AsPrinted {
        all.insert(0, ModeChoice::AsPrinted);
    }
    all
}

fn difference(
    resampled: &Resampled,
    a: &ModelResults<'_>,
    b: &ModelResults<'_>,
    quantity: Quantity<'_>,
) -> Option<Difference> {
    Some(Difference {
        a: a.model().clone(),
        b: b.model().clone(),
        mode_choice: a.mode_choice(),
        quantity: quantity.name(),
        is_table1_cell: matches!(quantity, Quantity::One(c) if position(&c.corruption).is_some()),
        modes: [a, b].map(|of| of.modes().to_vec()),
        of_a: a.value(quantity)?,
        of_b: b.value(quantity)?,
        difference: resampled.paired_gap(a, b, quantity)?,
    })
}

/// The measured conditions of the paper's corruptions in Table 1's order.
fn in_order(view: &View) -> Vec<Condition> {
    let corrupted = view.corrupted();
    let of = |name: &str| corrupted.iter().filter(|c| c.corruption == name).cloned().collect::<Vec<_>>();
    COLUMNS.iter().flat_map(|c| of(c.name)).collect()
}
