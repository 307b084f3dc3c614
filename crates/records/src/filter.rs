//! Selects results.

use crate::{Condition, Mode, ModelId, Series};

/// Keeps the results that match every field that is given; the default keeps all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this model.
    pub model: Option<ModelId>,
    /// Only this training seed.
    pub seed: Option<u64>,
    /// Only this mode of inference.
    pub mode: Option<Mode>,
    /// Only this condition.
    pub condition: Option<Condition>,
    /// Only this image.
    pub image_id: Option<String>,
}

impl Filter {
    /// Everything.
    #[must_use]
    pub fn all() -> Filter {
        Filter::default()
    }

    /// One series, all conditions and images.
    #[must_use]
    pub fn series(series: &Series) -> Filter {
        Filter {
            model: Some(series.model.clone()),
            seed: Some(series.seed),
            mode: Some(series.mode.clone()),
            ..Filter::default()
        }
    }

    /// The same, under one condition only.
    #[must_use]
    pub fn under(self, condition: &Condition) -> Filter {
        Filter { condition: Some(condition.clone()), ..self }
    }
}
