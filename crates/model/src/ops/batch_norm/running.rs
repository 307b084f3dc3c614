//! The statistics that a layer keeps for inference.

use candle_core::Var;

/// What a layer keeps of the batches that it saw in training.
#[derive(Clone, Copy, Debug)]
pub struct Running<'a> {
    /// Running mean of each channel, `[C]`.
    pub mean: &'a Var,
    /// Running unbiased variance of each channel, `[C]`.
    pub var: &'a Var,
    /// Number of batches, one I64 without dimensions.
    pub batches: &'a Var,
}
