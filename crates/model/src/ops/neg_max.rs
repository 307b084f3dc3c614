//! The implicit background logit, hard form.

use candle_core::{Result, Tensor};

/// `b = -max_k v_k` over dimension 1 of `v` `[N, K, H, W]`: `[N, 1, H, W]`.
pub fn neg_max(v: &Tensor) -> Result<Tensor> {
    v.max_keepdim(1)?.neg()
}
