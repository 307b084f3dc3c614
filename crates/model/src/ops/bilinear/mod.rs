//! Bilinear resizing with a backward pass.

mod geometry;

pub(in crate::ops) use geometry::{Bilinear, Side};

use crate::ops::cpu::parallel::{self, Shared, written_by};
use crate::ops::cpu::real::{Real, element_type, elements, with_real};
use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor, WithDType, bail};

const NAME: &str = "upsample_bilinear";

/// Resizes `x` `[N, C, H, W]` to `[N, C, out_h, out_w]` as `torch.nn.functional.interpolate(mode="bilinear")`.
///
/// With `align_corners` the corner pixels' centres coincide, otherwise the corners of the pictures do. It shrinks too,
/// without smoothing.
///
/// # Errors
/// When `x` is not four-dimensional, a side is 0, or `x` is neither f32 nor f64 (on a GPU bf16 too).
pub fn upsample_bilinear(x: &Tensor, out_h: usize, out_w: usize, align_corners: bool) -> Result<Tensor> {
    let (_, _, h, w) = x.dims4()?;
    if h * w * out_h * out_w == 0 {
        bail!("{NAME}: expected sides of at least 1, got {h}x{w} to {out_h}x{out_w}");
    }
    if (h, w) == (out_h, out_w) {
        return Ok(x.clone());
    }
    x.contiguous()?.apply_op1(Bilinear { h, w, out_h, out_w, align_corners })
}

impl CustomOp1 for Bilinear {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let _operator = tracing::trace_span!("bilinear, forward").entered();
        let (n, c, h, w) = layout.shape().dims4()?;
        let (oh, ow) = (self.out_h, self.out_w);
        let y = with_real!(element_type(storage), NAME, T => {
            let x = elements::<T>(NAME, storage, layout)?;
            let (rows, columns) = self.sides::<T>();
            // SAFETY: every plane is written whole by its own task.
            T::to_cpu_storage_owned(unsafe {
                written_by(n * c * oh * ow, |y: Shared<T>| {
                    parallel::for_each(n * c, n * c * oh * ow, |p| {
                        let y = y.slice(p * oh * ow, oh * ow);
                        resize(&x[p * h * w..][..h * w], y, w, &rows, &columns);
                    });
                })
            })
        });
        Ok((y, (n, c, oh, ow).into()))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        x: &candle_core::CudaStorage,
        layout: &Layout,
    ) -> Result<(candle_core::CudaStorage, Shape)> {
        crate::ops::cuda::bilinear::forward(NAME, (x, layout), self)
    }

    fn bwd(&self, _x: &Tensor, _y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(dy.contiguous()?.apply_op1_no_bwd(&BilinearBackward(*self))?))
    }
}

struct BilinearBackward(Bilinear);

impl CustomOp1 for BilinearBackward {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let _operator = tracing::trace_span!("bilinear, backward").entered();
        let (n, c, oh, ow) = layout.shape().dims4()?;
        let (h, w) = (self.0.h, self.0.w);
        let dx = with_real!(element_type(storage), NAME, T => {
            let dy = elements::<T>(NAME, storage, layout)?;
            let (rows, columns) = self.0.sides::<T>();
            let mut dx = vec![0 as T; n * c * h * w];
            let out = Shared::of(&mut dx);
            parallel::for_each(n * c, n * c * oh * ow * 2, |p| {
                // SAFETY: plane `p` belongs to this task alone.
                let dx = unsafe { out.slice(p * h * w, h * w) };
                spread(&dy[p * oh * ow..][..oh * ow], dx, w, &rows, &columns);
            });
            T::to_cpu_storage_owned(dx)
        });
        Ok((dx, (n, c, h, w).into()))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        dy: &candle_core::CudaStorage,
        layout: &Layout,
    ) -> Result<(candle_core::CudaStorage, Shape)> {
        crate::ops::cuda::bilinear::backward(NAME, (dy, layout), &self.0)
    }
}

/// One plane: blends two input rows, then neighbours within the blend.
fn resize<T: Real>(x: &[T], y: &mut [T], w: usize, rows: &Side<T>, columns: &Side<T>) {
    let mut blend = vec![T::zero(); w];
    let ow = columns.from.len();
    for ((row, &[low, high]), &weight) in y.chunks_mut(ow).zip(&rows.from).zip(&rows.weight) {
        let (above, below) = (&x[low * w..][..w], &x[high * w..][..w]);
        for ((b, &above), &below) in blend.iter_mut().zip(above).zip(below) {
            *b = (T::one() - weight) * above + weight * below;
        }
        for ((out, &[left, right]), &weight) in row.iter_mut().zip(&columns.from).zip(&columns.weight) {
            *out = (T::one() - weight) * blend[left] + weight * blend[right];
        }
    }
}

/// The transpose of [`resize`]: adds what each output took back to where it took it from.
fn spread<T: Real>(dy: &[T], dx: &mut [T], w: usize, rows: &Side<T>, columns: &Side<T>) {
    let mut blend = vec![T::zero(); w];
    let ow = columns.from.len();
    for ((row, &[low, high]), &weight) in dy.chunks(ow).zip(&rows.from).zip(&rows.weight) {
        blend.fill(T::zero());
        for ((&dy, &[left, right]), &weight) in row.iter().zip(&columns.from).zip(&columns.weight) {
            blend[left] += (T::one() - weight) * dy;
            blend[right] += weight * dy;
        }
        for (target, weight) in [(low, T::one() - weight), (high, weight)] {
            for (dx, &b) in dx[target * w..][..w].iter_mut().zip(&blend) {
                *dx += weight * b;
            }
        }
    }
}
