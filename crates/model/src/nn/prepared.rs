//! The folded and packed weights of a network's layers, kept from one batch to the next.

use crate::Result;
use crate::ops::FoldedWeights;
use candle_core::{TensorId, Var};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The layers' weights, each folded when it is used for the first time.
#[derive(Debug, Default)]
pub(crate) struct PreparedWeights(Mutex<HashMap<TensorId, Arc<FoldedWeights>>>);

impl PreparedWeights {
    /// The weights of the layer with this variable.
    pub(super) fn of(
        &self,
        weight: &Var,
        fold: impl FnOnce() -> Result<FoldedWeights>,
    ) -> Result<Arc<FoldedWeights>> {
        let mut layers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = layers.get(&weight.id()) {
            return Ok(known.clone());
        }
        let folded = Arc::new(fold()?);
        layers.insert(weight.id(), folded.clone());
        Ok(folded)
    }
}
