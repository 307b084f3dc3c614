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
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock().get(&weight.id()).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        // Not under the lock, as in [`FoldedWeights`]; whoever comes first is kept.
        let folded = Arc::new(fold()?);
        Ok(lock().entry(weight.id()).or_insert(folded).clone())
    }
}
