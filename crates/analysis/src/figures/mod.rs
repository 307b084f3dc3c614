//! The paper's Figures 3 to 6, and what goes beyond them, as data; [`crate::render`] draws them.

mod dimensions;
mod fig3;
mod fig4;
mod fig5;
mod fig6;

pub(crate) use dimensions::at_severity;
pub use dimensions::{Cloud, Dimensions, MeasureLine, dimensions, lines};
pub use fig3::{Fig3, Matrices, fig3};
pub use fig4::{Fig4, SpectrumCurve, fig4};
pub use fig5::{Fig5, SeverityLine, SeverityPoint, fig5};
pub use fig6::{Fig6, Shown, Strip, fig6};

use scribe_records::{Condition, LogitMoments, Mode, ModelId};

use crate::view::View;

/// A model's moments on the clean pictures: single scale where there are some, else any mode; the lowest training seed.
pub fn clean_moments<'a>(view: &'a View, model: &ModelId) -> Option<&'a LogitMoments> {
    let of = |mode: Option<Mode>| {
        view.moments
            .iter()
            .filter(|(cell, _)| cell.series.model == *model && cell.condition == Condition::clean())
            .filter(|(cell, _)| mode.as_ref().is_none_or(|m| cell.series.mode == *m))
            .min_by_key(|(cell, _)| cell.series.seed)
            .map(|(_, moments)| moments)
    };
    of(Some(Mode::single())).or_else(|| of(None))
}
