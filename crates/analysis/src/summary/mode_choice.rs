//! The choice of modes that a number of a table is computed from.

use crate::view::View;
use scribe_records::{Condition, Mode, ModelId};
use std::collections::BTreeSet;

/// The mode, or the mean of modes, that a number is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModeChoice {
    /// What a cell of Table 1 shows: (single scale + multi-scale) / 2, which is how the paper's cells were formed as
    /// far as its numbers tell; of a model that lacks one of them, the results that it has (`modes`).
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

impl ModeChoice {
    /// The choices of a single mode, in the order of tables.
    pub const OF_ONE_MODE: [ModeChoice; 6] = [
        ModeChoice::Single,
        ModeChoice::Msc,
        ModeChoice::MscSoftmax,
        ModeChoice::MscSigmoid,
        ModeChoice::MscLogit,
        ModeChoice::MscRebuild,
    ];

    /// The heading in tables.
    pub fn title(self) -> &'static str {
        match self {
            ModeChoice::AsPrinted => "average of single scale and multi-scale",
            ModeChoice::Single => "single scale",
            ModeChoice::Msc => "multi-scale (MSC)",
            ModeChoice::MscSoftmax => "multi-scale (average of softmax)",
            ModeChoice::MscSigmoid => "multi-scale (average of sigmoids)",
            ModeChoice::MscLogit => "multi-scale (average of logits)",
            ModeChoice::MscRebuild => "multi-scale (average of foreground logits)",
        }
    }

    /// The name in CSV: the mode's, or `average`.
    pub fn key(self) -> &'static str {
        match self {
            ModeChoice::AsPrinted => "average",
            ModeChoice::Single => "single",
            ModeChoice::Msc => "msc",
            ModeChoice::MscSoftmax => "msc-softmax",
            ModeChoice::MscSigmoid => "msc-sigmoid",
            ModeChoice::MscLogit => "msc-logit",
            ModeChoice::MscRebuild => "msc-rebuild",
        }
    }

    /// The mode of [`ModeChoice::OF_ONE_MODE`]; of [`ModeChoice::AsPrinted`] a mode that nothing was run in.
    pub(crate) fn mode(self) -> Mode {
        Mode::new(self.key()).expect("a plain name")
    }

    /// The choice of this mode alone; `None` for a mode that no table shows.
    pub fn of(mode: &Mode) -> Option<ModeChoice> {
        ModeChoice::OF_ONE_MODE.into_iter().find(|choice| choice.key() == mode.as_str())
    }

    /// The single modes that any model of the view has, in the order of tables.
    pub(crate) fn held_by(view: &View) -> Vec<ModeChoice> {
        let modes = view.modes();
        ModeChoice::OF_ONE_MODE.into_iter().filter(|c| modes.iter().any(|m| m.as_str() == c.key())).collect()
    }
}

/// The modes whose mean a model's number is, of the training seeds that `seeds` accepts.
///
/// For [`ModeChoice::AsPrinted`] these are single scale and multi-scale where the model was run in both under the same
/// conditions and with the same seeds. Otherwise it is the mode with most results, single scale before multi-scale
/// among equals, so that a model that was run in one mode only still has its cells; the notes under the tables name
/// such a model. Empty for a model without results.
pub(super) fn modes(
    view: &View,
    model: &ModelId,
    choice: ModeChoice,
    seeds: &dyn Fn(u64) -> bool,
) -> Vec<Mode> {
    if choice != ModeChoice::AsPrinted {
        return vec![choice.mode()];
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
    let held = ModeChoice::held_by(view).into_iter().map(ModeChoice::mode);
    let mut found: Vec<(usize, Mode)> = held.map(|m| (runs(&m).len(), m)).filter(|(n, _)| *n > 0).collect();
    // A stable sort: single scale comes first among equals.
    found.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    found.into_iter().take(1).map(|(_, m)| m).collect()
}
