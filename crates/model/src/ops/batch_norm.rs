//! Batch normalisation fused with the residual sum and the rectifier.

use super::Activation;
use candle_core::{Result, Tensor};

/// The statistics of one batch, from which a layer updates its running ones.
#[derive(Clone, Debug)]
pub struct BatchStats {
    /// Mean of each channel over `[N, H, W]`.
    pub mean: Vec<f32>,
    /// Biased variance (divided by `count`) of each channel.
    pub var: Vec<f32>,
    /// Number of values per channel, `N * H * W`.
    pub count: usize,
}

/// `activation(gamma * (x - mean) / sqrt(var + eps) + beta + residual)` with the statistics of the batch itself.
///
/// `x` and `residual` are `[N, C, H, W]`, `gamma` and `beta` `[C]`; all four receive gradients.
pub fn batch_norm_train(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    eps: f64,
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<(Tensor, BatchStats)> {
    let (n, c, h, w) = x.dims4()?;
    let mean = x.mean_keepdim((0, 2, 3))?;
    let var = x.broadcast_sub(&mean)?.sqr()?.mean_keepdim((0, 2, 3))?;
    let (m, v) = (mean.flatten_all()?, var.flatten_all()?);
    let y = batch_norm_eval(x, gamma, beta, &m, &v, eps, residual, activation)?;
    let floats = |t: &Tensor| t.to_dtype(candle_core::DType::F32)?.to_vec1::<f32>();
    let _ = c;
    Ok((y, BatchStats { mean: floats(&m)?, var: floats(&v)?, count: n * h * w }))
}

/// As [`batch_norm_train`], with given statistics `[C]`; differentiable in `x`, `gamma`, `beta` and `residual`.
#[expect(clippy::too_many_arguments, reason = "the layer's parameters, as every framework has them")]
pub fn batch_norm_eval(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    running_mean: &Tensor,
    running_var: &Tensor,
    eps: f64,
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<Tensor> {
    let c = x.dim(1)?;
    let channels = |t: &Tensor| t.reshape((1, c, 1, 1));
    let std = channels(&(running_var + eps)?.sqrt()?)?;
    let y = x.broadcast_sub(&channels(running_mean)?)?.broadcast_div(&std)?;
    let y = y.broadcast_mul(&channels(gamma)?)?.broadcast_add(&channels(beta)?)?;
    let y = match residual {
        Some(r) => (y + r)?,
        None => y,
    };
    match activation {
        Activation::None => Ok(y),
        Activation::Relu => super::relu(&y),
    }
}
