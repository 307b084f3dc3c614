//! The mean loss of a network's outputs at the size of the labels, with its gradient computed in the same pass.

use super::head::{Loss, Readout, VoidRule};
use super::layout::{as_map, channels_last};
use super::operator::{Operator, apply};
use super::{cpu, cuda};
use candle_core::{DType, Result, Tensor, bail};
use std::sync::OnceLock;

/// Mean over counted pixels of the loss of outputs `v` `[N, C, h, w]`, resized to `label` `[N, H, W]` of U8: a scalar.
///
/// The logits at full size are never written to memory. Without any counted pixel the loss is 0 with zero gradients.
///
/// # Errors
/// When the shapes do not belong together, a counted label is no class, or `v` has a type that the device lacks. `name` is
/// the public function's in the messages.
pub(crate) fn head_loss(
    name: &'static str,
    v: &Tensor,
    label: &Tensor,
    readout: Readout,
    loss: Loss,
    void: VoidRule,
) -> Result<Tensor> {
    apply(HeadLoss { name, label: label.detach(), readout, loss, void, gradient: OnceLock::new() }, [v])
}

/// [`head_loss`] and its gradient with respect to `v`, outside of candle's graph.
///
/// # Errors
/// As [`head_loss`].
pub(crate) fn loss_and_gradient(
    name: &'static str,
    v: &Tensor,
    label: &Tensor,
    readout: Readout,
    loss: Loss,
    void: VoidRule,
) -> Result<(Tensor, Tensor)> {
    let (n, c, h, w) = v.dims4()?;
    match label.dims() {
        [images, _, _] if *images == n && label.dtype() == DType::U8 => {}
        dims => bail!("{name}: expected labels of U8 [{n}, height, width], got {:?} {dims:?}", label.dtype()),
    }
    if c * h * w == 0 || label.elem_count() == 0 && n > 0 {
        bail!("{name}: expected sides of at least 1, got {:?} to {:?}", v.dims(), label.dims());
    }
    if v.device().is_cuda() {
        cuda::head_loss::loss_and_gradient(name, v, label, readout, loss, void)
    } else {
        cpu::head_loss::loss_and_gradient(name, v, label, readout, loss, void)
    }
}

/// [`head_loss`] of logits `z` `[N, K, H, W]`, which have the size of `label` already.
///
/// # Errors
/// As [`head_loss`].
pub(crate) fn pixel_loss(
    name: &'static str,
    z: &Tensor,
    label: &Tensor,
    loss: Loss,
    void: VoidRule,
) -> Result<Tensor> {
    let (n, _, h, w) = z.dims4()?;
    if label.dtype() != DType::U8 || label.dims() != [n, h, w] {
        bail!("{name}: expected labels of U8 [{n}, {h}, {w}], got {:?} {:?}", label.dtype(), label.dims());
    }
    head_loss(name, z, label, Readout::LOGITS, loss, void)
}

struct HeadLoss {
    name: &'static str,
    label: Tensor,
    readout: Readout,
    loss: Loss,
    void: VoidRule,
    /// The gradient of the outputs, known with the loss.
    gradient: OnceLock<Tensor>,
}

impl Operator<1> for HeadLoss {
    const NAME: &'static str = "loss";

    fn forward(&self, [v]: [&Tensor; 1]) -> Result<Tensor> {
        let HeadLoss { name, label, readout, loss, void, .. } = self;
        let (loss, gradient) = loss_and_gradient(name, v, label, *readout, *loss, *void)?;
        // The operator runs once; a second run would find the same.
        let _ = self.gradient.set(gradient);
        Ok(loss)
    }

    fn backward(
        &self,
        _inputs: [&Tensor; 1],
        _wanted: [bool; 1],
        _loss: &Tensor,
        upstream: &Tensor,
    ) -> Result<[Option<Tensor>; 1]> {
        match self.gradient.get() {
            Some(gradient) => Ok([Some(scaled(gradient, upstream)?)]),
            None => bail!("{}: the forward pass did not run", self.name),
        }
    }
}

/// The gradient times a scalar.
fn scaled(gradient: &Tensor, upstream: &Tensor) -> Result<Tensor> {
    if upstream.device().is_cuda() {
        return gradient.broadcast_mul(&upstream.to_dtype(gradient.dtype())?);
    }
    let scale = upstream.to_dtype(DType::F64)?.to_scalar::<f64>()?;
    // Backward from the loss itself, the usual case, needs no pass over the map.
    if scale == 1. {
        return Ok(gradient.clone());
    }
    as_map(&channels_last(gradient)?.affine(scale, 0.)?)
}
