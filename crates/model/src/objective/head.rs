//! How a network's outputs become logits, and what is minimised.

use super::background::{Background, resize};
use super::{Bce, Reduce, VoidRule};
use crate::Result;
use crate::ops::{VOID_LABEL, bce_with_logits_one_hot, positive_only_nll, softmax_cross_entropy};
use candle_core::Tensor;

/// The part of an objective that is the same in training and evaluation, and that a GPU computes in one kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How the background logit follows from the others; `None` where it is learned.
    pub background: Option<Background>,
    /// What is minimised.
    pub loss: Loss,
    /// What is done with pixels labelled 255.
    pub void: VoidRule,
    /// Whether resizing maps corner pixels onto corner pixels.
    pub align_corners: bool,
}

/// What is minimised, averaged over the pixels that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// `-log softmax(z)` of the label.
    CrossEntropy,
    /// Sigmoid cross-entropy.
    Sigmoid(Bce, Reduce),
}

impl Head {
    /// `v` `[N, outputs, h, w]` to logits `[N, K, H, W]`.
    pub(crate) fn logits(&self, v: &Tensor, size: (usize, usize)) -> Result<Tensor> {
        match self.background {
            None => resize(v, size, self.align_corners),
            Some(background) => background.logits(v, size, self.align_corners),
        }
    }

    /// The loss of logits `[N, K, H, W]`.
    pub(super) fn loss(&self, z: &Tensor, label: &Tensor) -> Result<Tensor> {
        match self.loss {
            Loss::CrossEntropy => cross_entropy(z, label, self.void),
            Loss::Sigmoid(Bce::Full, reduce) => {
                Ok(bce_with_logits_one_hot(z, label, self.void.into(), reduce.into())?)
            }
            Loss::Sigmoid(Bce::PositiveOnly, Reduce::Sum) => {
                Ok(positive_only_nll(z, label, self.void.into())?)
            }
            // The channels without a term still count in the mean, as they do in the full loss.
            Loss::Sigmoid(Bce::PositiveOnly, Reduce::Mean) => {
                Ok((positive_only_nll(z, label, self.void.into())? / z.dim(1)? as f64)?)
            }
        }
    }

    /// The loss of outputs `[N, outputs, h, w]` at the size of `label` `[N, H, W]`.
    pub(super) fn loss_of_outputs(&self, v: &Tensor, label: &Tensor) -> Result<Tensor> {
        #[cfg(feature = "cuda")]
        if v.device().is_cuda() {
            let (v, head) = self.on_gpu(v)?;
            return Ok(crate::ops::cuda::head_loss(&v, label, head)?);
        }
        let (_, height, width) = label.dims3()?;
        self.loss(&self.logits(v, (height, width))?, label)
    }

    /// What the GPU's kernels are told, and the outputs that they get: a background logit that is built at the size of
    /// the features is one of them.
    #[cfg(feature = "cuda")]
    pub(crate) fn on_gpu(&self, v: &Tensor) -> Result<(Tensor, crate::ops::cuda::Head)> {
        use super::background::{At, Form};
        use crate::ops::cuda;
        let (v, background) = match self.background {
            None => (v.clone(), cuda::Background::Explicit),
            Some(background) if background.at == At::Features => {
                (background.prepend(v)?, cuda::Background::Explicit)
            }
            Some(Background { form: Form::NegLse, .. }) => (v.clone(), cuda::Background::NegLse),
            Some(Background { form: Form::NegMax, .. }) => (v.clone(), cuda::Background::NegMax),
        };
        let loss = match self.loss {
            Loss::CrossEntropy => cuda::Loss::CrossEntropy,
            Loss::Sigmoid(Bce::Full, reduce) => cuda::Loss::Binary(reduce.into()),
            Loss::Sigmoid(Bce::PositiveOnly, reduce) => cuda::Loss::PositiveOnly(reduce.into()),
        };
        let void = match self.void {
            VoidRule::Ignore => cuda::Void::Ignore,
            VoidRule::Background => cuda::Void::Background,
        };
        Ok((v, cuda::Head { background, loss, void, align_corners: self.align_corners }))
    }
}

/// Cross-entropy with the void rule.
fn cross_entropy(z: &Tensor, label: &Tensor, void: VoidRule) -> Result<Tensor> {
    match void {
        VoidRule::Ignore => Ok(softmax_cross_entropy(z, label, Some(VOID_LABEL))?),
        VoidRule::Background => {
            // 1 where the label is a class and 0 where it is void, so that the product turns 255 into 0.
            let known = label.ne(VOID_LABEL)?;
            Ok(softmax_cross_entropy(z, &(label * known)?, None)?)
        }
    }
}
