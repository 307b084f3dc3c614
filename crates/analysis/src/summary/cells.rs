//! The kinds of results that tables show, and the modes that each is made of.

use crate::view::View;
use scribe_records::{Condition, Mode, ModelId};
use std::collections::BTreeSet;

/// A kind of results: the mode, or the mean of modes, that a number is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cells {
    /// What a cell of Table 1 shows: (single scale + multi-scale) / 2, which is how the paper's cells were formed as
    /// far as its numbers tell; of a model that lacks one of them, the results that it has ([`modes`]).
    AsPrinted,
    /// Single scale only.
    Single,
    /// Multi-scale only, averaged in the space that suits the objective.
    Msc,
    /// Multi-scale, averaged softmax probabilities.
    MscSoftmax,
    /// Multi-scale, averaged sigmoids.
    MscSigmoid,
    /// Multi-scale, averaged logits.
    MscLogit,
    /// Multi-scale, averaged foreground logits with the background rebuilt from them.
    MscRebuild,
}

impl Cells {
    /// The kinds that are one mode, in the order of tables.
    pub const OF_ONE_MODE: [Cells; 6] =
        [Cells::Single, Cells::Msc, Cells::MscSoftmax, Cells::MscSigmoid, Cells::MscLogit, Cells::MscRebuild];

    /// The heading in tables.
    pub fn title(self) -> &'static str {
        match self {
            Cells::AsPrinted => "average of single scale and multi-scale",
            Cells::Single => "single scale",
            Cells::Msc => "multi-scale (MSC)",
            Cells::MscSoftmax => "multi-scale (average of softmax)",
            Cells::MscSigmoid => "multi-scale (average of sigmoids)",
            Cells::MscLogit => "multi-scale (average of logits)",
            Cells::MscRebuild => "multi-scale (average of foreground logits)",
        }
    }

    /// The name in CSV: the mode's, or `average`.
    pub fn key(self) -> &'static str {
        match self {
            Cells::AsPrinted => "average",
            Cells::Single => "single",
            Cells::Msc => "msc",
            Cells::MscSoftmax => "msc-softmax",
            Cells::MscSigmoid => "msc-sigmoid",
            Cells::MscLogit => "msc-logit",
            Cells::MscRebuild => "msc-rebuild",
        }
    }

    /// The mode of [`Cells::OF_ONE_MODE`]; of [`Cells::AsPrinted`] a mode that nothing was run in.
    pub(crate) fn mode(self) -> Mode {
        Mode::new(self.key()).expect("a plain name")
    }

    /// The kind that is this mode; `None` for a mode that no table shows.
    pub fn of(mode: &Mode) -> Option<Cells> {
        Cells::OF_ONE_MODE.into_iter().find(|cells| cells.key() == mode.as_str())
    }

    /// The kinds of one mode that any model of the view has, in the order of tables.
    pub(crate) fn held_by(view: &View) -> Vec<Cells> {
        let modes = view.modes();
        Cells::OF_ONE_MODE.into_iter().filter(|c| modes.iter().any(|m| m.as_str() == c.key())).collect()
    }
}

/// The modes whose mean a model's number is, of the training seeds that `seeds` accepts.
///
/// For [`Cells::AsPrinted`] these are single scale and multi-scale where the model was run in both under the same
/// conditions and with the same seeds. Otherwise it is the mode with most results, single scale before multi-scale
/// among equals, so that a model that was run in one mode only still has its cells; the notes under the tables name
/// such a model. Empty for a model without results.
pub(super) fn modes(view: &View, model: &ModelId, cells: Cells, seeds: &dyn Fn(u64) -> bool) -> Vec<Mode> {
    if cells != Cells::AsPrinted {
        return vec![cells.mode()];
    }
    let runs = |mode: &Mode| -> BTreeSet<(u64, &Condition)> {
        let own = view.confusions.keys().filter(|c| c.series.model == *model && c.series.mode == *mode);
        own.filter(|c| seeds(c.series.seed)).map(|c| (c.series.seed, &c.condition)).collect()
    };
    let (single, msc) = (Mode::single(), Mode::msc());
    let of_single = runs(&single);
    if !of_single.is_empty() && of_single == runs(&msc) {
        return vec![single, msc];
    }
    let held = Cells::held_by(view).into_iter().map(Cells::mode);
    let mut found: Vec<(usize, Mode)> = held.map(|m| (runs(&m).len(), m)).filter(|(n, _)| *n > 0).collect();
    // A stable sort: single scale comes first among equals.
    found.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    found.into_iter().take(1).map(|(_, m)| m).collect()
}
