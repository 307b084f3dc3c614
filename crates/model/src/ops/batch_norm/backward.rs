//! The backward pass of batch normalisation.

use super::op::BatchNorm;
use super::{NAME, kernels};
use crate::ops::Activation;
use crate::ops::cpu::parallel::{self, Shared, written_by};
use crate::ops::cpu::real::{Real, read, with_real};
use candle_core::{Device, Result, Tensor, bail};

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
    let _operator = tracing::trace_span!("batch norm, backward").entered();
    let Some(used) = op.used.get() else { bail!("{NAME}: backward before forward") };
    let statistics = used.statistics.pairs()?;
    let shape = x.dims4()?;
    let masked = op.activation == Activation::Relu;
    let device = x.device();
    with_real!(x.dtype(), NAME, T => {
        read(NAME, x, |xs: &[T]| read(NAME, gamma, |gamma: &[T]| read(NAME, y, |ys: &[T]| read(NAME, dy, |dys: &[T]| {
            let pass = Pass { op, statistics: &statistics, x: xs, gamma, y: masked.then_some(ys), dy: dys, shape };
            let (dx, dr, sums) = pass.gradients(residual && masked)?;
            let (dgamma, dbeta) = pass.parameters(&sums);
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
    let constant = op.given.is_some() && op.across.is_none();
    let statistics = [&used.statistics.mean, &used.statistics.var];
    let (x, gamma, y, dy) = (x?, gamma?, y?, dy?);
    backward(
        NAME,
        &Backward {
            x,
            gamma,
            y,
            dy,
            statistics,
            folded,
            eps: op.eps,
            constant,
            across: op.across.as_ref(),
            mask,
        },
    )
}

/// Of each channel, over this process's pictures: the sums of the gradient before the rectifier, `d`, and of
/// `d * (x - mean)`.
type Sums = Vec<(f64, f64)>;

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

/// Where a pass writes: the gradient of `x`, and the masked one where it is kept.
#[derive(Clone, Copy)]
struct Places<T> {
    dx: Shared<T>,
    masked: Option<Shared<T>>,
}

impl<T: Real> Pass<'_, T> {
    /// `dx`, the masked gradient if it is wanted, and the sums of each channel.
    fn gradients(&self, keep_masked: bool) -> Result<(Vec<T>, Option<Vec<T>>, Sums)> {
        let len = self.x.len();
        let mut sums = Ok(Vec::new());
        let mut kept = None;
        // SAFETY: the task of a channel writes all planes of that channel, in both buffers; where other processes fail in
        // between, what was not written is dropped unread with the error.
        let dx = unsafe {
            written_by(len, |dx: Shared<T>| {
                if keep_masked {
                    kept = Some(written_by(len, |masked: Shared<T>| {
                        sums = self.channels(Places { dx, masked: Some(masked) });
                    }));
                } else {
                    sums = self.channels(Places { dx, masked: None });
                }
            })
        };
        Ok((dx, kept, sums?))
    }

    /// The gradients of gamma and beta.
    fn parameters(&self, sums: &Sums) -> (Vec<T>, Vec<T>) {
        let inverse = |c: usize| 1. / (self.statistics[c].1 + self.op.eps).sqrt();
        let of = |(c, own): (usize, &(f64, f64))| (T::from_f64(own.1 * inverse(c)), T::from_f64(own.0));
        sums.iter().enumerate().map(of).unzip()
    }

    /// Runs both passes over all channels.
    ///
    /// # Safety
    /// Nothing else touches the places.
    unsafe fn channels(&self, places: Places<T>) -> Result<Sums> {
        let (n, channels, h, w) = self.shape;
        let (count, cost) = (n * h * w, 2 * self.x.len());
        let Some(across) = &self.op.across else {
            return Ok(parallel::map(channels, cost, |c| {
                // SAFETY: the planes of a channel are this task's.
                unsafe {
                    let own = self.sums(c, places);
                    self.apply(c, places, own, count);
                    own
                }
            }));
        };
        // SAFETY: as above, in each of the two rounds.
        let own = parallel::map(channels, cost, |c| unsafe { self.sums(c, places) });
        let (sums, products): (Vec<f64>, Vec<f64>) = own.iter().copied().unzip();
        let packed = Tensor::from_vec([sums, products].concat(), (2, channels), &Device::Cpu)?;
        let all = across.group.sum(&packed)?.to_vec2::<f64>()?;
        let count = across.pictures * h * w;
        parallel::for_each(channels, cost, |c| {
            // SAFETY: as above.
            unsafe { self.apply(c, places, (all[0][c], all[1][c]), count) }
        });
        Ok(own)
    }

    /// The planes of a channel, by their first element.
    fn planes(&self, c: usize) -> impl Iterator<Item = usize> {
        let (n, channels, h, w) = self.shape;
        (0..n).map(move |image| (image * channels + c) * h * w)
    }

    /// A channel's sums; leaves the masked gradient behind, in the residual's place or in that of `dx`.
    ///
    /// # Safety
    /// No other task touches the planes of channel `c`.
    unsafe fn sums(&self, c: usize, places: Places<T>) -> (f64, f64) {
        let hw = self.shape.2 * self.shape.3;
        let mean = T::from_f64(self.statistics[c].0);
        let place = places.masked.unwrap_or(places.dx);
        let (mut sum, mut product) = (0f64, 0f64);
        for at in self.planes(c) {
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
        (sum, product)
    }

    /// Writes a channel's `dx`, given the sums over the `count` values that its statistics were taken of.
    ///
    /// # Safety
    /// As [`Pass::sums`], which has run before.
    unsafe fn apply(&self, c: usize, places: Places<T>, (sum, product): (f64, f64), count: usize) {
        let hw = self.shape.2 * self.shape.3;
        let (mean, var) = self.statistics[c];
        let (mean, inverse) = (T::from_f64(mean), 1. / (var + self.op.eps).sqrt());
        let scale = self.gamma[c].to_f64() * inverse;
        // With constant statistics these two terms vanish.
        let constant = self.op.given.is_some() && self.op.across.is_none();
        let per_value = if constant { 0. } else { scale / count as f64 };
        let (along, offset) =
            (T::from_f64(per_value * product * inverse * inverse), T::from_f64(per_value * sum));
        let scale = T::from_f64(scale);
        for at in self.planes(c) {
            let x = &self.x[at..][..hw];
            // SAFETY: this channel's plane.
            let dx = unsafe { places.dx.slice(at, hw) };
            match (self.y, places.masked) {
                (None, _) => kernels::gradient(x, &self.dy[at..][..hw], dx, mean, scale, along, offset),
                (Some(_), None) => kernels::gradient_in_place(x, dx, mean, scale, along, offset),
                (Some(_), Some(masked)) => {
                    // SAFETY: this channel's plane.
                    let d = unsafe { masked.slice(at, hw) };
                    kernels::gradient(x, d, dx, mean, scale, along, offset);
                }
            }
        }
    }
}
