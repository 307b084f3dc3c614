//! The implicit background logit, as a map of its own and in front of the others.

use super::head::Form;
use super::operator::{Operator, apply};
use super::{cpu, cuda};
use candle_core::{Result, Tensor, bail};

/// The background logit of foreground logits `v` `[N, K, H, W]`: `[N, 1, H, W]`, outside of candle's graph.
///
/// # Errors
/// When `v` is not four-dimensional, has no channel, or its type is none of the device's.
pub(super) fn logit(v: &Tensor, form: Form) -> Result<Tensor> {
    check(v, form)?;
    if v.device().is_cuda() { cuda::background::logit(v, form) } else { cpu::background::logit(v, form) }
}

/// The gradient of `v`, given that of [`logit`].
///
/// # Errors
/// As [`logit`].
pub(super) fn logit_backward(v: &Tensor, db: &Tensor, form: Form) -> Result<Tensor> {
    if v.device().is_cuda() {
        cuda::background::logit_backward(v, db, form)
    } else {
        cpu::background::logit_backward(v, db, form)
    }
}

/// `v` `[N, K, H, W]` to `z = [b, v]` `[N, K + 1, H, W]`, background first.
///
/// # Errors
/// As [`logit`].
pub(crate) fn prepend(v: &Tensor, form: Form) -> Result<Tensor> {
    apply(Prepend(form), [v])
}

/// The gradient of `v`, given that of [`prepend`].
///
/// # Errors
/// As [`logit`].
pub(crate) fn prepend_backward(v: &Tensor, dz: &Tensor, form: Form) -> Result<Tensor> {
    if v.device().is_cuda() {
        cuda::background::prepend_backward(v, dz, form)
    } else {
        cpu::background::prepend_backward(v, dz, form)
    }
}

struct Prepend(Form);

impl Operator<1> for Prepend {
    const NAME: &'static str = "background";

    fn forward(&self, [v]: [&Tensor; 1]) -> Result<Tensor> {
        check(v, self.0)?;
        if v.device().is_cuda() {
            cuda::background::prepend(v, self.0)
        } else {
            cpu::background::prepend(v, self.0)
        }
    }

    fn backward(
        &self,
        [v]: [&Tensor; 1],
        _wanted: [bool; 1],
        _z: &Tensor,
        dz: &Tensor,
    ) -> Result<[Option<Tensor>; 1]> {
        Ok([Some(prepend_backward(v, dz, self.0)?)])
    }
}

fn check(v: &Tensor, form: Form) -> Result<()> {
    match v.dims4()? {
        (_, 0, _, _) => bail!("{}: expected at least one channel", form.name()),
        _ => Ok(()),
    }
}
