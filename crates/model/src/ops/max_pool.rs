//! The pooling of the ResNet stem.

use super::parallel::{self, Shared, written_by};
use super::real::{Real, element_type, elements, with_real};
use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor, WithDType};

const NAME: &str = "max_pool_3x3_s2";

/// Maximum over 3x3 windows, stride 2, padding 1: `[N, C, H, W]` to `[N, C, (H + 1) / 2, (W + 1) / 2]`.
///
/// The gradient goes to the first largest element of a window in scan order, and NaN propagates, as in PyTorch.
///
/// # Errors
/// When `x` is not four-dimensional, has an empty side, or is neither f32 nor f64.
pub fn max_pool_3x3_s2(x: &Tensor) -> Result<Tensor> {
    let (_, _, h, w) = x.dims4()?;
    if h == 0 || w == 0 {
        candle_core::bail!("{NAME}: expected a map of at least 1x1, got {h}x{w}");
    }
    x.contiguous()?.apply_op1(MaxPool)
}

struct MaxPool;

impl CustomOp1 for MaxPool {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (n, c, h, w) = layout.shape().dims4()?;
        let (oh, ow) = (h.div_ceil(2), w.div_ceil(2));
        let y = with_real!(element_type(storage), NAME, T => {
            let x = elements::<T>(NAME, storage, layout)?;
            // SAFETY: every plane is written whole by its own task.
            T::to_cpu_storage_owned(unsafe {
                written_by(n * c * oh * ow, |y: Shared<T>| {
                    parallel::for_each(n * c, x.len() * 3, |p| {
                        let plane = &x[p * h * w..][..h * w];
                        for (oy, row) in y.slice(p * oh * ow, oh * ow).chunks_mut(ow).enumerate() {
                            for (ox, out) in row.iter_mut().enumerate() {
                                *out = plane[largest(plane, h, w, oy, ox)];
                            }
                        }
                    });
                })
            })
        });
        Ok((y, (n, c, oh, ow).into()))
    }

    fn bwd(&self, x: &Tensor, _y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(x.apply_op2_no_bwd(&dy.contiguous()?, &MaxPoolBackward)?))
    }
}

struct MaxPoolBackward;

impl CustomOp2 for MaxPoolBackward {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        dy: &CpuStorage,
        dy_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (n, c, h, w) = x_layout.shape().dims4()?;
        let (oh, ow) = (h.div_ceil(2), w.div_ceil(2));
        let dx = with_real!(element_type(x), NAME, T => {
            let x = elements::<T>(NAME, x, x_layout)?;
            let dy = elements::<T>(NAME, dy, dy_layout)?;
            let mut dx = vec![0 as T; x.len()];
            let out = Shared::of(&mut dx);
            parallel::for_each(n * c, x.len() * 3, |p| {
                let plane = &x[p * h * w..][..h * w];
                // SAFETY: plane `p` belongs to this task alone.
                let dx = unsafe { out.slice(p * h * w, h * w) };
                for (oy, row) in dy[p * oh * ow..][..oh * ow].chunks(ow).enumerate() {
                    for (ox, &dy) in row.iter().enumerate() {
                        dx[largest(plane, h, w, oy, ox)] += dy;
                    }
                }
            });
            T::to_cpu_storage_owned(dx)
        });
        Ok((dx, x_layout.shape().clone()))
    }
}

/// Index of the first largest element (or of the last NaN, PyTorch's choice) of the window of output `(oy, ox)`.
#[inline(always)]
fn largest<T: Real>(plane: &[T], h: usize, w: usize, oy: usize, ox: usize) -> usize {
    let (y0, x0) = ((2 * oy).saturating_sub(1), (2 * ox).saturating_sub(1));
    let mut best = y0 * w + x0;
    let mut value = T::LOWEST;
    for y in y0..(2 * oy + 2).min(h) {
        for x in x0..(2 * ox + 2).min(w) {
            let v = plane[y * w + x];
            // Only NaN differs from itself.
            #[allow(clippy::eq_op)]
            if v > value || v != v {
                best = y * w + x;
                value = v;
            }
        }
    }
    best
}
