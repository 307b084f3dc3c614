//! A model that takes part in a pass.

use crate::Predictor;
use scribe_model::Inference;
use scribe_records::{Mode, ModelId};

/// One model, trained once, that takes part.
pub struct Entrant<'a> {
    /// Its id in the keys.
    pub id: ModelId,
    /// The seed of its training.
    pub seed: u64,
    /// The network, or whatever predicts in its place.
    pub predictor: &'a dyn Predictor,
    /// The modes in which it predicts, in order.
    pub modes: Vec<(Mode, Inference)>,
}

impl<'a> Entrant<'a> {
    /// A model of training seed 0 that predicts in the mode `single` alone.
    #[must_use]
    pub fn new(id: ModelId, predictor: &'a dyn Predictor) -> Entrant<'a> {
        Entrant { id, seed: 0, predictor, modes: vec![(Mode::single(), Inference::Single)] }
    }
}
