//! The implicit background logit, smooth form.

use super::background::{logit, logit_backward};
use super::head::Form;
use super::operator::{Operator, apply};
use candle_core::{Result, Tensor};

/// `b = -log(sum_k exp(v_k))` over dimension 1 of `v` `[N, K, H, W]`: `[N, 1, H, W]`.
///
/// The largest logit is taken out first, so that it is finite for every finite `v`. Its gradient is minus the softmax
/// over the foreground. This is the background of the authors' code and the one that reproduces eq. (2).
///
/// # Errors
/// When `v` is not four-dimensional, has no channel, or is neither f32 nor f64 (on a GPU bf16 too).
pub fn neg_lse(v: &Tensor) -> Result<Tensor> {
    apply(NegLse, [v])
}

struct NegLse;

impl Operator<1> for NegLse {
    const NAME: &'static str = "neg_lse";

    fn forward(&self, [v]: [&Tensor; 1]) -> Result<Tensor> {
        logit(v, Form::NegLse)
    }

    fn backward(
        &self,
        [v]: [&Tensor; 1],
        _wanted: [bool; 1],
        _b: &Tensor,
        db: &Tensor,
    ) -> Result<[Option<Tensor>; 1]> {
        Ok([Some(logit_backward(v, db, Form::NegLse)?)])
    }
}
