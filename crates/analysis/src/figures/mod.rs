//! The paper's Figures 3 to 6, and further ones, as data; [`crate::render`] draws them.

mod dimensions;
mod fig3;
mod fig4;
mod fig5;
mod fig6;

pub(crate) use dimensions::at_severity;
pub(crate) use dimensions::{Cloud, Dimensions, MeasureLine, dimensions};
pub(crate) use fig3::{Fig3, fig3};
pub(crate) use fig4::{Fig4, fig4};
pub(crate) use fig5::{Fig5, SeverityLine, fig5};
pub use fig6::figure6_shows;
pub(crate) use fig6::{Fig6, Shown, fig6};

use crate::view::View;
use scribe_records::{Condition, LogitMoments, Mode, ModelId};

/// A model's moments on the clean pictures, and their training seed: single scale where it was run, otherwise any
/// mode; the lowest training seed, since the matrices of several networks cannot be averaged.
pub(crate) fn clean_moments<'a>(view: &'a View, model: &ModelId) -> Option<(u64, &'a LogitMoments)> {
    let of = |mode: Option<Mode>| {
        view.moments
            .iter()
            .filter(|(cell, _)| cell.series.model == *model && cell.condition == Condition::clean())
            .filter(|(cell, _)| mode.as_ref().is_none_or(|m| cell.series.mode == *m))
            .min_by_key(|(cell, _)| cell.series.seed)
            .map(|(cell, moments)| (cell.series.seed, moments))
    };
    of(Some(Mode::single())).or_else(|| of(None))
}

/// Which training seed a figure shows of the models that have several, in a sentence; `None` where no model has.
pub(crate) fn seeds_shown(view: &View, shown: &[(ModelId, u64)]) -> Option<String> {
    let several = |(model, seed): &(ModelId, u64)| {
        let of = view.seeds(model).len();
        (of > 1).then(|| format!("{} seed {seed} of {of}", view.title(model)))
    };
    let parts: Vec<String> = shown.iter().filter_map(several).collect();
    (!parts.is_empty()).then(|| {
        format!(
            "Shown is one training seed of each model ({}); numbers in tables and sentences are means over all seeds.",
            crate::format::list(&parts)
        )
    })
}
