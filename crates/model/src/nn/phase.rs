//! Training or inference, as an argument of every layer.

use candle_core::{Tensor, Var};
use rand_chacha::ChaCha8Rng;

/// How a layer is run.
pub(crate) enum Phase<'a> {
    /// Batch statistics, dropout drawn from the generator, gradients recorded.
    Train(&'a mut ChaCha8Rng),
    /// Running statistics, no dropout, nothing recorded.
    Eval,
}

impl Phase<'_> {
    /// The variable's tensor: recorded for the backward pass in training, detached otherwise.
    pub(crate) fn tensor(&self, var: &Var) -> Tensor {
        match self {
            Phase::Train(_) => var.as_tensor().clone(),
            Phase::Eval => var.as_detached_tensor(),
        }
    }
}
