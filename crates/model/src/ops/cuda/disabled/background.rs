//! Stands for the implicit background logit.

use super::unavailable;
use crate::ops::head::Form;
use candle_core::{Result, Tensor};

/// `v` `[N, K, H, W]` to its background logit `[N, 1, H, W]`.
pub(in crate::ops) fn logit(_v: &Tensor, _form: Form) -> Result<Tensor> {
    unavailable()
}

/// The gradient of `v`, given that of its background logit.
pub(in crate::ops) fn logit_backward(_v: &Tensor, _db: &Tensor, _form: Form) -> Result<Tensor> {
    unavailable()
}

/// `v` `[N, K, H, W]` to `[b, v]` `[N, K + 1, H, W]`.
pub(in crate::ops) fn prepend(_v: &Tensor, _form: Form) -> Result<Tensor> {
    unavailable()
}

/// The gradient of `v`, given that of [`prepend`]'s result.
pub(in crate::ops) fn prepend_backward(_v: &Tensor, _dz: &Tensor, _form: Form) -> Result<Tensor> {
    unavailable()
}
