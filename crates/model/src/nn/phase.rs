//! Training or evaluation, as an argument of every layer.

use super::generator::Generator;
use super::prepared::PreparedWeights;
use crate::local_batch::LocalBatch;
use crate::ops::GpuMath;
use crate::tape::{Gradients, Tape};
use candle_core::{Result, Tensor};

/// How a layer is run.
pub(crate) enum Phase<'a> {
    /// With the batch's statistics, with dropout drawn from the generator, and recorded for the backward pass.
    Train { rng: Generator<'a>, local: &'a LocalBatch, tape: &'a mut Tape, math: GpuMath },
    /// With running statistics, without dropout, with nothing recorded, and with these weights.
    Eval { weights: &'a PreparedWeights, math: GpuMath },
}

impl Phase<'_> {
    /// How convolutions multiply.
    pub(crate) fn math(&self) -> GpuMath {
        match self {
            Phase::Train { math, .. } | Phase::Eval { math, .. } => *math,
        }
    }

    /// Records, in training, how the gradients of a step's inputs follow from that of its result.
    pub(crate) fn record(
        &mut self,
        result: &Tensor,
        backward: impl Fn(&Tensor, &mut Gradients) -> Result<()> + Send + Sync + 'static,
    ) {
        if let Phase::Train { tape, .. } = self {
            tape.record(result, backward);
        }
    }
}
