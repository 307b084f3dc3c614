//! How a network's outputs become logits and a loss.

use crate::ops::{
    At, Background, Head, Readout, background_backward, head_loss, logits, loss_and_gradient, pixel_loss,
    prepend_background,
};
use candle_core::{Result, Tensor};

/// The name of the loss in messages.
const NAME: &str = "loss";

impl Head {
    /// `v` `[N, outputs, h, w]` to logits `[N, K, H, W]`, the background first.
    pub(crate) fn logits(&self, v: &Tensor, size: (usize, usize)) -> Result<Tensor> {
        let (v, readout) = self.readout(v)?;
        logits(&v, size, readout)
    }

    /// The loss of logits `[N, K, H, W]`.
    pub(super) fn loss(&self, z: &Tensor, label: &Tensor) -> Result<Tensor> {
        pixel_loss(NAME, z, label, self.loss, self.void)
    }

    /// The loss of outputs `[N, outputs, h, w]` at the size of `label` `[N, H, W]`.
    pub(super) fn loss_of_outputs(&self, v: &Tensor, label: &Tensor) -> Result<Tensor> {
        let (v, readout) = self.readout(v)?;
        head_loss(NAME, &v, label, readout, self.loss, self.void)
    }

    /// [`Head::loss_of_outputs`] and its gradient with respect to `v`, outside of candle's graph.
    pub(super) fn loss_and_gradient(&self, v: &Tensor, label: &Tensor) -> Result<(Tensor, Tensor)> {
        let v = v.detach();
        let (read, readout) = self.readout(&v)?;
        let (loss, gradient) = loss_and_gradient(NAME, &read, label, readout, self.loss, self.void)?;
        match self.background {
            Some(Background { form, at: At::Features }) => {
                Ok((loss, background_backward(&v, &gradient, form)?))
            }
            _ => Ok((loss, gradient)),
        }
    }

    /// The outputs with a background logit that is built at their size, and how logits are read from them.
    pub(crate) fn readout(&self, v: &Tensor) -> Result<(Tensor, Readout)> {
        let align_corners = self.align_corners;
        match self.background {
            None => Ok((v.clone(), Readout { background: None, align_corners })),
            Some(Background { form, at: At::FullSize }) => {
                Ok((v.clone(), Readout { background: Some(form), align_corners }))
            }
            Some(Background { form, at: At::Features }) => {
                Ok((prepend_background(v, form)?, Readout { background: None, align_corners }))
            }
        }
    }
}
