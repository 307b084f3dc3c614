//! The implicit background logit, smooth form.

use candle_core::{D, Result, Tensor};

/// `b = -log(sum_k exp(v_k))` over dimension 1 of `v` `[N, K, H, W]`: `[N, 1, H, W]`.
pub fn neg_lse(v: &Tensor) -> Result<Tensor> {
    let _ = D::Minus1;
    v.log_sum_exp(1)?.unsqueeze(1)?.neg()
}
