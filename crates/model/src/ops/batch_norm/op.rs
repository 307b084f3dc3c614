//! One application of batch normalisation, as its forward and its backward pass know it.

use super::across::Across;
use super::statistics::Statistics;
use crate::ops::Activation;
#[cfg(feature = "cuda")]
use candle_core::Tensor;
use std::sync::{Arc, OnceLock};

/// One application of the layer.
pub(super) struct BatchNorm {
    pub(super) eps: f64,
    pub(super) activation: Activation,
    /// The running statistics, when those of the batch are not to be used.
    pub(super) given: Option<Statistics>,
    /// The processes that `given` are the batch's statistics of; `None` where they are constants.
    pub(super) across: Option<Across>,
    /// What the forward pass used, once it has run.
    pub(super) used: Arc<OnceLock<Used>>,
}

/// What a backward pass needs of the forward pass.
#[derive(Debug)]
pub(super) struct Used {
    pub(super) statistics: Statistics,
    /// The GPU's scale and shift of each channel.
    #[cfg(feature = "cuda")]
    pub(super) folded: Option<Tensor>,
}
