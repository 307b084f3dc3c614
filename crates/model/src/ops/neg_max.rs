//! The implicit background logit, hard form.

use super::background::{logit, logit_backward};
use super::head::Form;
use super::operator::{Operator, apply};
use candle_core::{Result, Tensor};

/// `b = -max_k v_k` over dimension 1 of `v` `[N, K, H, W]`: `[N, 1, H, W]`.
///
/// The gradient goes to the first largest channel.
///
/// # Errors
/// When `v` is not four-dimensional, has no channel, or is neither f32 nor f64 (on a GPU bf16 too).
pub fn neg_max(v: &Tensor) -> Result<Tensor> {
    apply(NegMax, [v])
}

struct NegMax;

impl Operator<1> for NegMax {
    const NAME: &'static str = "neg_max";

    fn forward(&self, [v]: [&Tensor; 1]) -> Result<Tensor> {
        logit(v, Form::NegMax)
    }

    fn backward(
        &self,
        [v]: [&Tensor; 1],
        _wanted: [bool; 1],
        _b: &Tensor,
        db: &Tensor,
    ) -> Result<[Option<Tensor>; 1]> {
        Ok([Some(logit_backward(v, db, Form::NegMax)?)])
    }
}
