//! The implicit background logit.

use crate::Result;
use crate::ops::{neg_lse, neg_max, upsample_bilinear};
use candle_core::Tensor;
use serde::{Deserialize, Serialize};

/// How the background logit follows from the foreground logits, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Background {
    /// The function.
    pub form: Form,
    /// Before or after the upsampling.
    pub at: At,
}

/// The function from the foreground logits `v` to the background logit `b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// `b = -log(sum_m exp(v_m))`: the authors' code, and what eq. (2) of the paper follows from.
    NegLse,
    /// `b = -max_m v_m`: the prose of the paper's Fig. 1.
    NegMax,
}

/// Where the background logit is built. The two differ: `-LSE` is concave, so an interpolated `b` is at most the `b`
/// of interpolated `v`, and `Features` gives fewer background pixels at boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// At the size of the features; all channels are upsampled (the authors' notebook of 2020).
    Features,
    /// At full size, from upsampled foreground logits (the authors' readme of 2019).
    FullSize,
}

impl Background {
    /// `v` `[N, K, h, w]` to `z = [b, v]` `[N, K + 1, H, W]`, background first.
    pub(super) fn logits(self, v: &Tensor, size: (usize, usize), align_corners: bool) -> Result<Tensor> {
        match self.at {
            At::Features => resize(&self.prepend(v)?, size, align_corners),
            At::FullSize => self.prepend(&resize(v, size, align_corners)?),
        }
    }

    /// `[b, v]` at the size of `v`.
    pub(super) fn prepend(self, v: &Tensor) -> Result<Tensor> {
        let b = match self.form {
            Form::NegLse => neg_lse(v)?,
            Form::NegMax => neg_max(v)?,
        };
        Ok(Tensor::cat(&[&b, v], 1)?)
    }
}

/// Bilinear resizing of logits to `(height, width)`.
pub(super) fn resize(v: &Tensor, (height, width): (usize, usize), align_corners: bool) -> Result<Tensor> {
    Ok(upsample_bilinear(v, height, width, align_corners)?)
}
