//! What a network predicts for a batch of images.

use crate::Result;
use crate::ops::{Readout, ScoreSpace, logit_planes, planar_logits};
use candle_core::Tensor;

/// What a network predicts for a batch of images.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// The class of each pixel, `[N, H, W]` in memory order.
    pub classes: Vec<u8>,
    /// Sums over the pixels of each predicted class of each image: the number of pixels, the `K` logits, and the upper
    /// triangle of their products, row by row, `[N, K, 1 + K + K (K + 1) / 2]`. Absent where they were not asked for
    /// ([`crate::PreparedModel::queue`]), where the device has no kernel for them, as a CPU, and where the scores are not
    /// logits.
    pub moments: Option<Vec<f64>>,
    /// The space of what [`Prediction::logits`] gives. It is [`ScoreSpace::Logit`] for [`crate::Inference::Single`].
    pub space: ScoreSpace,
    pub(super) outputs: Outputs,
}

/// What the scores are read from.
#[derive(Clone, Debug)]
pub(super) struct Outputs {
    /// `[N, C, h, w]`: the network's outputs, or averaged scores at full size.
    pub v: Tensor,
    pub readout: Readout,
    /// Height and width of the images.
    pub size: (usize, usize),
}

impl Prediction {
    /// Scores `[N, K, H, W]` at full size, contiguous: logits from [`crate::Inference::Single`], otherwise the averaged scores
    /// in `space`.
    ///
    /// Logits are computed by this call, because the classes did not need them.
    ///
    /// # Errors
    /// When the memory is full.
    pub fn logits(&self) -> Result<Tensor> {
        let Outputs { v, readout, size } = &self.outputs;
        Ok(planar_logits(v, *size, *readout)?)
    }

    /// [`Prediction::logits`] of image `image` of the batch in f32 on the host: `K` planes of the image's size, class after
    /// class.
    ///
    /// # Errors
    /// When there is no such image, or the memory is full.
    pub fn planes(&self, image: usize) -> Result<Vec<f32>> {
        let Outputs { v, readout, size } = &self.outputs;
        Ok(logit_planes(&v.narrow(0, image, 1)?, *size, *readout)?)
    }
}
