//! Every difference between two models with its paired interval.

use crate::bootstrap::{Interval, Resampled};
use crate::names::{COLUMNS, Group, position};
use crate::summary::{Cells, ModelResults, Over, Results};
use crate::view::View;
use scribe_records::{Condition, Mode, ModelId};

/// Value of `a` minus value of `b` of one quantity.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Difference {
    /// The first model.
    pub(crate) a: ModelId,
    /// The second model.
    pub(crate) b: ModelId,
    /// Which results.
    pub(crate) cells: Cells,
    /// The name of the quantity ([`Over::name`]).
    pub(crate) over: String,
    /// Whether it is a single condition of the paper's fifteen corruptions, a cell of Table 1's body.
    pub(crate) single: bool,
    /// The modes that `a` and `b` are the mean of: two models may differ in them where `cells` is [`Cells::AsPrinted`].
    pub(crate) modes: [Vec<Mode>; 2],
    /// The value of `a`.
    pub(crate) of_a: f64,
    /// The value of `b`.
    pub(crate) of_b: f64,
    /// The difference with its interval under the paired bootstrap.
    pub(crate) gap: Interval,
}

/// All pairs of models (a later one minus an earlier one), for every result that was measured: clean, all corrupted,
/// rPC, groups, severities, corruptions and each condition.
pub(crate) fn differences(results: &Results<'_>, resampled: &Resampled) -> Vec<Difference> {
    let view = results.view();
    let conditions: Vec<Condition> = in_order(view);
    let mut overs = vec![Over::Clean, Over::Corrupted, Over::Retained];
    overs.extend(Group::ALL.map(Over::Group));
    overs.extend((1..=5).map(Over::Severity));
    overs.extend(COLUMNS.iter().map(|c| Over::Corruption(c.name)));
    overs.extend(conditions.iter().map(Over::One));
    // Corruptions beyond the paper's fifteen come last, and are no cells of Table 1.
    let extras = view.extras();
    let extra: Vec<Condition> =
        view.corrupted().into_iter().filter(|c| extras.contains(&c.corruption)).collect();
    overs.extend(extras.iter().map(|name| Over::Corruption(name)));
    overs.extend(extra.iter().map(Over::One));
    let mut out = Vec::new();
    for cells in measured(results) {
        let all: Vec<_> = results.all(cells).collect();
        for (i, b) in all.iter().enumerate() {
            for a in &all[i + 1..] {
                out.extend(overs.iter().filter_map(|over| difference(resampled, a, b, *over)));
            }
        }
    }
    out
}

/// The kind of results that Table 1 shows, and every mode of the view.
fn measured(results: &Results<'_>) -> Vec<Cells> {
    let mut all = Cells::held_by(results.view());
    if !all.is_empty() && results.shown() == Cells::AsPrinted {
        all.insert(0, Cells::AsPrinted);
    }
    all
}

fn difference(
    resampled: &Resampled,
    a: &ModelResults<'_>,
    b: &ModelResults<'_>,
    over: Over<'_>,
) -> Option<Difference> {
    Some(Difference {
        a: a.model().clone(),
        b: b.model().clone(),
        cells: a.cells(),
        over: over.name(),
        single: matches!(over, Over::One(c) if position(&c.corruption).is_some()),
        modes: [a, b].map(|of| of.modes().to_vec()),
        of_a: a.over(over)?,
        of_b: b.over(over)?,
        gap: resampled.paired_gap(a, b, over)?,
    })
}

/// The measured conditions of the paper's corruptions in Table 1's order.
fn in_order(view: &View) -> Vec<Condition> {
    let corrupted = view.corrupted();
    let of = |name: &str| corrupted.iter().filter(|c| c.corruption == name).cloned().collect::<Vec<_>>();
    COLUMNS.iter().flat_map(|c| of(c.name)).collect()
}
