//! The backward pass of batch normalisation.

use super::forward::BatchNorm;
use super::{NAME, kernels};
use crate::ops::Activation;
use crate::ops::parallel::{self, Shared, written_by};
use crate::ops::real::{Real, read, with_real};
use candle_core::{Result, Tensor, bail};

/// The gradients of one application.
pub(super) struct Gradients {
    pub(super) x: Tensor,
    pub(super) gamma: Tensor,
    pub(super) beta: Tensor,
    /// `None` where it is the incoming gradient itself.
    pub(super) residual: Option<Tensor>,
}

/// Gradients of all inputs from the input `x`, the result `y` and its gradient `dy`.
pub(super) fn run(
    op: &BatchNorm,
    x: &Tensor,
    gamma: &Tensor,
    y: &Tensor,
    dy: &Tensor,
    residual: bool,
) -> Result<Gradients> {
    let Some(used) = op.used.get() else { bail!("{NAME}: backward before forward") };
    let statistics = used.statistics.pairs()?;
    let shape = x.dims4()?;
    let masked = op.activation == Activation::Relu;
    let device = x.device();
    with_real!(x.dtype(), NAME, T => {
        read(NAME, x, |xs: &[T]| read(NAME, gamma, |gamma: &[T]| read(NAME, y, |ys: &[T]| read(NAME, dy, |dys: &[T]| {
            let pass = Pass { op, statistics: &statistics, x: xs, gamma, y: masked.then_some(ys), dy: dys, shape };
            let (dx, dr, sums) = pass.gradients(residual && masked);
            let (dgamma, dbeta): (Vec<T>, Vec<T>) = sums.into_iter().unzip();
            let channels = dgamma.len();
            Ok(Gradients {
                x: Tensor::from_vec(dx, x.shape(), device)?,
                gamma: Tensor::from_vec(dgamma, channels, device)?,
                beta: Tensor::from_vec(dbeta, channels, device)?,
                residual: dr.map(|dr| Tensor::from_vec(dr, x.shape(), device)).transpose()?,
            })
        }))))
    })
}

/// The gradients of `x`, of gamma and beta `[2, C]`, and of the residual where it is not the incoming gradient, on a GPU.
#[cfg(feature = "cuda")]
pub(super) fn cuda(
    op: &BatchNorm,
    x: &Tensor,
    gamma: &Tensor,
    y: &Tensor,
    dy: &Tensor,
    residual: bool,
) -> Result<(Tensor, Tensor, Option<Tensor>)> {
    use crate::ops::cuda::batch_norm::part;
    use crate::ops::cuda::batch_norm_backward::{Backward, Mask, backward};
    let Some((used, folded)) = op.used.get().and_then(|used| Some((used, used.folded.as_ref()?))) else {
        bail!("{NAME}: backward before forward");
    };
    let mask = match (op.activation, residual) {
        (Activation::None, _) => Mask::None,
        (Activation::Relu, false) => Mask::Input,
        (Activation::Relu, true) => Mask::Result,
    };
    let dy = dy.contiguous()?;
    let guards = [x, gamma, y, &dy].map(|t| t.storage_and_layout());
    let [x, gamma, y, dy] = [0, 1, 2, 3].map(|i| part(NAME, &guards[i].0, guards[i].1));
    let given = op.given.is_some();
    let statistics = [&used.statistics.mean, &used.statistics.var];
    let (x, gamma, y, dy) = (x?, gamma?, y?, dy?);
    backward(NAME, &Backward { x, gamma, y, dy, statistics, folded, eps: op.eps, given, mask })
}

/// The gradients of gamma and beta, channel by channel.
type Sums<T> = Vec<(T, T)>;

struct Pass<'a, T> {
    op: &'a BatchNorm,
    /// Mean and variance of each channel.
    statistics: &'a [(f64, f64)],
    x: &'a [T],
    gamma: &'a [T],
    /// The result, where a rectifier masks the gradient.
    y: Option<&'a [T]>,
    dy: &'a [T],
    shape: (usize, usize, usize, usize),
}

impl<T: Real> Pass<'_, T> {
    /// `dx`, the masked gradient if it is wanted, and `(dgamma, dbeta)` of each channel.
    fn gradients(&self, keep_masked: bool) -> (Vec<T>, Option<Vec<T>>, Sums<T>) {
        let (len, channels) = (self.x.len(), self.shape.1);
        let mut sums = Vec::new();
        let mut kept = None;
        // SAFETY: the task of a channel writes all planes of that channel, in both buffers.
        let dx = unsafe {
            written_by(len, |dx: Shared<T>| {
                if keep_masked {
                    kept = Some(written_by(len, |masked: Shared<T>| {
                        sums = parallel::map(channels, 2 * len, |c| self.channel(c, dx, Some(masked)));
                    }));
                } else {
                    sums = parallel::map(channels, 2 * len, |c| self.channel(c, dx, None));
                }
            })
        };
        (dx, kept, sums)
    }

    /// # Safety
    /// No other task touches the planes of channel `c`.
    unsafe fn channel(&self, c: usize, dx: Shared<T>, masked: Option<Shared<T>>) -> (T, T) {
        let (n, channels, h, w) = self.shape;
        let hw = h * w;
        let planes = (0..n).map(|image| (image * channels + c) * hw);
        let (mean, var) = self.statistics[c];
        let (mean, inverse) = (T::from_f64(mean), 1. / (var + self.op.eps).sqrt());
        // The masked gradient waits in the residual's place, or in that of dx, between the two passes.
        let place = masked.unwrap_or(dx);
        let (mut sum, mut product) = (0f64, 0f64);
        for at in planes.clone() {
            let (x, dy) = (&self.x[at..][..hw], &self.dy[at..][..hw]);
            let d = match self.y {
                None => dy,
                Some(y) => {
                    // SAFETY: this channel's plane.
                    let d = unsafe { place.slice(at, hw) };
                    kernels::mask(&y[at..][..hw], dy, d);
                    d
                }
            };
            let (s, p) = kernels::gradient_sums(x, d, mean);
            sum += s;
            product += p;
        }
        let scale = self.gamma[c].to_f64() * inverse;
        // With given statistics the mean and the variance are constants and these two terms vanish.
        let per_value = if self.op.given.is_some() { 0. } else { scale / (n * hw) as f64 };
        let (along, offset) =
            (T::from_f64(per_value * product * inverse * inverse), T::from_f64(per_value * sum));
        let scale = T::from_f64(scale);
        for at in planes {
            let x = &self.x[at..][..hw];
            // SAFETY: this channel's plane.
            let dx = unsafe { dx.slice(at, hw) };
            match (self.y, masked) {
                (None, _) => kernels::gradient(x, &self.dy[at..][..hw], dx, mean, scale, along, offset),
                (Some(_), None) => kernels::gradient_in_place(x, dx, mean, scale, along, offset),
                (Some(_), Some(masked)) => {
                    // SAFETY: this channel's plane.
                    let d = unsafe { masked.slice(at, hw) };
                    kernels::gradient(x, d, dx, mean, scale, along, offset);
                }
            }
        }
        (T::from_f64(product * inverse), T::from_f64(sum))
    }
}
