//! What a backward pass of batch normalisation is given, and what it gives.

use super::across::Across;
use super::layer::Layer;
use super::statistics::Statistics;
use crate::ops::Activation;
use candle_core::Tensor;

/// The inputs of a backward pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backward<'a> {
    pub(crate) x: &'a Tensor,
    /// The gradient of the result.
    pub(crate) dy: &'a Tensor,
    /// The result, needed where a residual was added before a rectifier: it says what the rectifier let through.
    pub(crate) y: Option<&'a Tensor>,
    /// Those that the forward pass used.
    pub(crate) statistics: &'a Statistics,
    pub(crate) layer: Layer<'a>,
    /// The scale and the shift that the two made in the forward pass, where they were kept.
    pub(crate) folded: Option<&'a [Tensor; 2]>,
    pub(crate) activation: Activation,
    /// Whether there is a residual whose gradient is wanted.
    pub(crate) residual: bool,
    /// Whether the statistics are constants; otherwise they are those of the batch.
    pub(crate) constant: bool,
    /// The processes that hold the batch, where that is not this one alone.
    pub(crate) across: Option<&'a Across>,
}

/// The gradients of one application.
#[derive(Clone, Debug)]
pub(crate) struct Gradients {
    pub(crate) x: Tensor,
    /// Of this process's images, as `beta`.
    pub(crate) gamma: Tensor,
    pub(crate) beta: Tensor,
    /// Where it is wanted; it may be the incoming gradient itself.
    pub(crate) residual: Option<Tensor>,
}
