//! The moments of a batch, and what a layer in training makes of them.

use super::batch_stats::BatchStats;
use super::layer::Layer;
use super::running::Running;
use super::statistics::Statistics;
use super::{fold, track};
use crate::ops::cuda;
use candle_core::{Result, Tensor};

/// The moments of the channels of a map.
#[derive(Clone, Debug)]
pub(crate) enum Moments {
    /// As statistics.
    Known(Statistics),
    /// As sums over parts of the pixels, on a GPU: one kernel adds them up, together with what a layer makes of them.
    #[cfg_attr(not(feature = "cuda"), expect(dead_code, reason = "only a GPU makes them"))]
    Parts(Parts),
}

/// Sums over parts of a map's pixels, as a GPU's kernels keep them.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    /// Two sums of each channel for each part, then a pivot of each channel: `[2 parts + 1, C]` in f64.
    #[cfg_attr(not(feature = "cuda"), expect(dead_code, reason = "only a GPU makes and reads them"))]
    pub(in crate::ops) sums: Tensor,
    /// Values of each channel.
    #[cfg_attr(not(feature = "cuda"), expect(dead_code, reason = "only a GPU makes and reads them"))]
    pub(in crate::ops) count: usize,
}

/// The statistics of a batch in a layer.
#[derive(Clone, Debug)]
pub(crate) struct Applied {
    pub(crate) statistics: Statistics,
    /// The scale and the shift `[C]` that they make with the layer's parameters, in the parameters' type.
    pub(crate) folded: [Tensor; 2],
}

impl Moments {
    pub(crate) fn statistics(self) -> Result<Statistics> {
        match self {
            Moments::Known(statistics) => Ok(statistics),
            Moments::Parts(parts) => cuda::batch_norm::statistics(&parts),
        }
    }

    /// Those of `count` values of each channel in a layer, whose running statistics move.
    ///
    /// # Errors
    /// When the running statistics do not have the channels' shape.
    pub(crate) fn apply(
        self,
        count: usize,
        layer: Layer<'_>,
        running: Running<'_>,
        momentum: f64,
    ) -> Result<Applied> {
        match self {
            Moments::Known(statistics) => statistics.apply(count, layer, running, momentum),
            Moments::Parts(parts) => {
                track::check(running, layer.gamma.dims())?;
                cuda::batch_norm::apply(&parts, layer, running, momentum)
            }
        }
    }
}

impl Statistics {
    /// As [`Moments::apply`].
    pub(crate) fn apply(
        self,
        count: usize,
        layer: Layer<'_>,
        running: Running<'_>,
        momentum: f64,
    ) -> Result<Applied> {
        let batch = BatchStats { mean: self.mean.clone(), var: self.var.clone(), count };
        track::track_statistics(running, &batch, momentum)?;
        let folded = fold(layer, &self.mean, &self.var)?;
        Ok(Applied { statistics: self, folded })
    }
}
