//! What a batch norm does besides its statistics.

use candle_core::Tensor;

/// The parameters of a layer, and what it adds to the variance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layer<'a> {
    /// `[C]`, in the parameters' type.
    pub(crate) gamma: &'a Tensor,
    /// `[C]`, in the parameters' type.
    pub(crate) beta: &'a Tensor,
    pub(crate) eps: f64,
}
