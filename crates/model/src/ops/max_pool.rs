//! The pooling of the ResNet stem.

use super::cpu::level::vectorised;
use super::cpu::parallel::{self, Shared, written_by};
use super::cpu::real::{Real, element_type, elements, read, with_real};
use candle_core::{CpuStorage, CustomOp1, Device, Layout, Result, Shape, Tensor, WithDType, bail};
use std::sync::OnceLock;

const NAME: &str = "max_pool_3x3_s2";

/// Maximum over 3x3 windows, stride 2, padding 1: `[N, C, H, W]` to `[N, C, (H + 1) / 2, (W + 1) / 2]`.
///
/// The gradient goes to the first largest element of a window in scan order, and NaN propagates, as in PyTorch.
///
/// # Errors
/// When `x` is not four-dimensional, has an empty side, or is neither f32 nor f64 (on a GPU bf16 too).
pub fn max_pool_3x3_s2(x: &Tensor) -> Result<Tensor> {
    let (_, _, h, w) = x.dims4()?;
    if h == 0 || w == 0 {
        bail!("{NAME}: expected a map of at least 1x1, got {h}x{w}");
    }
    x.contiguous()?.apply_op1(MaxPool { winners: OnceLock::new(), keep: x.track_op() })
}

struct MaxPool {
    /// For each output the position of the largest element in its window, 0 to 8 in scan order, in U8.
    winners: OnceLock<Tensor>,
    /// Whether a backward pass may want them.
    keep: bool,
}

impl CustomOp1 for MaxPool {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let _operator = tracing::trace_span!("max pool, forward").entered();
        let (n, c, h, w) = layout.shape().dims4()?;
        let (oh, ow) = (h.div_ceil(2), w.div_ceil(2));
        let mut winners = vec![0; if self.keep { n * c * oh * ow } else { 0 }];
        let kept = Shared::of(&mut winners);
        let y = with_real!(element_type(storage), NAME, T => {
            let x = elements::<T>(NAME, storage, layout)?;
            // SAFETY: every plane of both results is written whole by its own task.
            T::to_cpu_storage_owned(unsafe {
                written_by(n * c * oh * ow, |y: Shared<T>| {
                    parallel::for_each(n * c, x.len() / 2, |p| {
                        let kept = self.keep.then(|| kept.slice(p * oh * ow, oh * ow));
                        pool(&x[p * h * w..][..h * w], [h, w], y.slice(p * oh * ow, oh * ow), kept);
                    });
                })
            })
        });
        // The operator object runs once; a second run would find the same.
        if self.keep {
            let _ = self.winners.set(Tensor::from_vec(winners, (n, c, oh, ow), &Device::Cpu)?);
        }
        Ok((y, (n, c, oh, ow).into()))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        x: &candle_core::CudaStorage,
        layout: &Layout,
    ) -> Result<(candle_core::CudaStorage, Shape)> {
        let (y, shape, winners) = super::cuda::max_pool::forward(NAME, (x, layout), self.keep)?;
        if let Some(winners) = winners {
            let _ = self.winners.set(winners);
        }
        Ok((y, shape))
    }

    fn bwd(&self, x: &Tensor, _y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        let Some(winners) = self.winners.get() else {
            bail!("{NAME}: the forward pass kept no positions for a backward pass");
        };
        let (_, _, h, w) = x.dims4()?;
        Ok(Some(
            dy.contiguous()?.apply_op1_no_bwd(&MaxPoolBackward { winners: winners.clone(), size: [h, w] })?,
        ))
    }
}

struct MaxPoolBackward {
    winners: Tensor,
    /// Height and width of the input.
    size: [usize; 2],
}

impl CustomOp1 for MaxPoolBackward {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let _operator = tracing::trace_span!("max pool, backward").entered();
        let (n, c, oh, ow) = layout.shape().dims4()?;
        let [h, w] = self.size;
        let dx = with_real!(element_type(storage), NAME, T => read(NAME, &self.winners, |winners: &[u8]| {
            let dy = elements::<T>(NAME, storage, layout)?;
            let mut dx = vec![0 as T; n * c * h * w];
            let out = Shared::of(&mut dx);
            parallel::for_each(n * c, dx.len() / 2, |p| {
                // SAFETY: plane `p` belongs to this task alone.
                let dx = unsafe { out.slice(p * h * w, h * w) };
                let (dy, winners) = (&dy[p * oh * ow..][..oh * ow], &winners[p * oh * ow..][..oh * ow]);
                for (oy, (dy, winners)) in dy.chunks(ow).zip(winners.chunks(ow)).enumerate() {
                    for (ox, (&dy, &winner)) in dy.iter().zip(winners).enumerate() {
                        let (ky, kx) = (winner as usize / 3, winner as usize % 3);
                        dx[(2 * oy + ky - 1) * w + 2 * ox + kx - 1] += dy;
                    }
                }
            });
            Ok(T::to_cpu_storage_owned(dx))
        })?);
        Ok((dx, (n, c, h, w).into()))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        dy: &candle_core::CudaStorage,
        layout: &Layout,
    ) -> Result<(candle_core::CudaStorage, Shape)> {
        super::cuda::max_pool::backward(NAME, (dy, layout), &self.winners, self.size)
    }
}

/// One plane: for each row of outputs, the three input rows are split into even and odd columns and compared.
fn pool<T: Real>(x: &[T], [h, w]: [usize; 2], y: &mut [T], mut kept: Option<&mut [u8]>) {
    let ow = w.div_ceil(2);
    // Odd columns have one more place in front, the padding.
    let (mut even, mut odd) = (vec![T::LOWEST; ow], vec![T::LOWEST; ow + 1]);
    let mut winner = vec![T::zero(); ow];
    for (oy, best) in y.chunks_mut(ow).enumerate() {
        let first = (2 * oy).saturating_sub(1);
        best.fill(T::LOWEST);
        // Where nothing is larger than the lowest number the first place inside the picture wins.
        let top = if oy == 0 { 3. } else { 0. };
        winner.fill(T::from_f64(top));
        winner[0] = T::from_f64(top + 1.);
        for row in first..(2 * oy + 2).min(h) {
            let line = &x[row * w..][..w];
            for (i, pair) in line.chunks(2).enumerate() {
                even[i] = pair[0];
                odd[i + 1] = pair.get(1).copied().unwrap_or(T::LOWEST);
            }
            let place = T::from_f64((3 * (row + 1 - 2 * oy)) as f64);
            compete(&odd[..ow], place, best, &mut winner);
            compete(&even, place + T::one(), best, &mut winner);
            compete(&odd[1..], place + T::one() + T::one(), best, &mut winner);
        }
        if let Some(kept) = &mut kept {
            for (kept, winner) in kept[oy * ow..][..ow].iter_mut().zip(&winner) {
                *kept = winner.to_f64() as u8;
            }
        }
    }
}

vectorised! {
    /// Replaces the best where a candidate is larger or NaN.
    fn compete<T>(candidates: &[T], place: T, best: &mut [T], winner: &mut [T]) {
        for ((&v, best), winner) in candidates.iter().zip(best).zip(winner) {
            // Only NaN differs from itself.
            #[allow(clippy::eq_op)]
            let better = v > *best || v != v;
            *best = if better { v } else { *best };
            *winner = if better { place } else { *winner };
        }
    }
}
