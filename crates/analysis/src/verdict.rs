//! What a verdict is about: the run's one picture, its trainings alone, or trainings like them.

use crate::view::View;
use scribe_records::ModelId;

/// From how many training seeds on a verdict is about trainings like those of the run.
///
/// Where n seeds put the same model ahead, every resample of them does, however small the lead. Of two models that are alike
/// this happens with a probability of 2^(1 - n): one half for two seeds, and 1 / 16 for five.
pub(crate) const ENOUGH_SEEDS: usize = 5;

/// Sequences of pictures from which on intervals are about as wide as they say.
const ENOUGH_SEQUENCES: usize = 20;

/// How many whole sequences a set has, where resamples draw sequences and these are too few for intervals to be as wide as they
/// say.
pub(crate) fn few_sequences(pictures: usize, sequence: usize) -> Option<usize> {
    let whole = pictures / sequence.max(1);
    (sequence > 1 && whole < ENOUGH_SEQUENCES).then_some(whole)
}

/// What a verdict on one picture is worth.
pub(crate) const ONE_PICTURE: &str = "The run has one picture: resamples cannot draw another, and how far other pictures would move a number is in no interval.";

/// What a verdict holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HoldsFor {
    /// The one picture of the run: nothing is known of others.
    ThisPicture,
    /// The networks of the run.
    TheseTrainings,
    /// Networks that the same recipes would train with other seeds.
    TrainingsLikeThese,
}

impl HoldsFor {
    /// What a verdict on these models holds for: the model with the fewest training seeds decides.
    pub(crate) fn of<'m>(view: &View, models: impl IntoIterator<Item = &'m ModelId>) -> HoldsFor {
        if view.pictures_with_results() < 2 {
            return HoldsFor::ThisPicture;
        }
        let fewest = models.into_iter().map(|model| view.seeds(model).len()).min().unwrap_or(0);
        if fewest < ENOUGH_SEEDS { HoldsFor::TheseTrainings } else { HoldsFor::TrainingsLikeThese }
    }

    /// "established", with what it is established for where that is not trainings like these.
    pub(crate) fn established(self) -> &'static str {
        match self {
            HoldsFor::ThisPicture => "established for this picture alone",
            HoldsFor::TheseTrainings => "established for these trainings",
            HoldsFor::TrainingsLikeThese => "established",
        }
    }

    /// The words in CSV.
    pub(crate) fn key(self) -> &'static str {
        match self {
            HoldsFor::ThisPicture => "this picture",
            HoldsFor::TheseTrainings => "these trainings",
            HoldsFor::TrainingsLikeThese => "trainings like these",
        }
    }
}
