//! Functions of the channels of one pixel, `[N, K, H, W]` to `[N, 1, H, W]`, as operators.

use super::parallel::{self, Shared, written_by};
use super::real::{Real, element_type, elements, with_real};
use candle_core::{CpuStorage, CustomOp1, CustomOp3, Layout, Result, Shape, Tensor, WithDType, bail};
use std::marker::PhantomData;

/// Pixels handled by one task.
const BLOCK: usize = 1024;

/// A differentiable function of the `K` channels of one pixel.
pub(super) trait ChannelReduction1: Copy + Send + Sync + 'static {
    /// The operator's name in error messages.
    const NAME: &'static str;
    /// The function.
    fn value<T: Real>(v: &[T]) -> T;
    /// Replaces the channels by the gradient, given the `value` and its gradient `dy`.
    fn slope<T: Real>(v: &mut [T], value: T, dy: T);
}

/// Index and value of the first largest number; a NaN is larger than all.
#[inline(always)]
pub(super) fn largest<T: Real>(v: &[T]) -> (usize, T) {
    let mut best = (0, v[0]);
    for (i, &v) in v.iter().enumerate().skip(1) {
        #[allow(clippy::eq_op)]
        if v > best.1 || (v != v && best.1 == best.1) {
            best = (i, v);
        }
    }
    best
}

/// Calls `each(pixel, channels)` for the pixels of a map `[K, hw]`, gathering the channels of one after another.
#[inline(always)]
pub(super) fn for_pixels<T: Real>(
    map: &[T],
    hw: usize,
    pixels: std::ops::Range<usize>,
    mut each: impl FnMut(usize, &mut [T]),
) {
    let k = map.len() / hw;
    let mut column = vec![T::zero(); k];
    for p in pixels {
        for (c, v) in column.iter_mut().enumerate() {
            *v = map[c * hw + p];
        }
        each(p, &mut column);
    }
}

/// Applies the function to every pixel of `v`.
pub(super) fn apply<R: ChannelReduction1>(v: &Tensor) -> Result<Tensor> {
    if v.dims4()?.1 == 0 {
        bail!("{}: expected at least one channel", R::NAME);
    }
    v.contiguous()?.apply_op1(Forward::<R>(PhantomData))
}

struct Forward<R>(PhantomData<R>);

impl<R: ChannelReduction1> CustomOp1 for Forward<R> {
    fn name(&self) -> &'static str {
        R::NAME
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (n, k, h, w) = layout.shape().dims4()?;
        let hw = h * w;
        let y = with_real!(element_type(storage), R::NAME, T => {
            let v = elements::<T>(R::NAME, storage, layout)?;
            // SAFETY: every pixel is written by the task of its block.
            T::to_cpu_storage_owned(unsafe {
                written_by(n * hw, |y: Shared<T>| {
                    for_blocks(n, hw, n * k * hw * 10, |image, pixels| {
                        let map = &v[image * k * hw..][..k * hw];
                        for_pixels(map, hw, pixels, |p, v| *y.at(image * hw + p) = R::value(v));
                    });
                })
            })
        });
        Ok((y, (n, 1, h, w).into()))
    }

    fn bwd(&self, v: &Tensor, y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(v.apply_op3_no_bwd(y, &dy.contiguous()?, &Backward::<R>(PhantomData))?))
    }
}

struct Backward<R>(PhantomData<R>);

impl<R: ChannelReduction1> CustomOp3 for Backward<R> {
    fn name(&self) -> &'static str {
        R::NAME
    }

    fn cpu_fwd(
        &self,
        v: &CpuStorage,
        v_layout: &Layout,
        y: &CpuStorage,
        y_layout: &Layout,
        dy: &CpuStorage,
        dy_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (n, k, h, w) = v_layout.shape().dims4()?;
        let hw = h * w;
        let dv = with_real!(element_type(v), R::NAME, T => {
            let v = elements::<T>(R::NAME, v, v_layout)?;
            let y = elements::<T>(R::NAME, y, y_layout)?;
            let dy = elements::<T>(R::NAME, dy, dy_layout)?;
            // SAFETY: all channels of a pixel are written by the task of its block.
            T::to_cpu_storage_owned(unsafe {
                written_by(v.len(), |dv: Shared<T>| {
                    for_blocks(n, hw, n * k * hw * 10, |image, pixels| {
                        let map = &v[image * k * hw..][..k * hw];
                        for_pixels(map, hw, pixels, |p, v| {
                            R::slope(v, y[image * hw + p], dy[image * hw + p]);
                            for (c, &g) in v.iter().enumerate() {
                                *dv.at((image * k + c) * hw + p) = g;
                            }
                        });
                    });
                })
            })
        });
        Ok((dv, v_layout.shape().clone()))
    }
}

/// Calls `task(image, pixels)` for blocks of pixels that cover all images.
pub(super) fn for_blocks(
    n: usize,
    hw: usize,
    nanoseconds: usize,
    task: impl Fn(usize, std::ops::Range<usize>) + Sync,
) {
    let blocks = hw.div_ceil(BLOCK);
    parallel::for_each(n * blocks, nanoseconds, |i| {
        let start = i % blocks * BLOCK;
        task(i / blocks, start..(start + BLOCK).min(hw));
    });
}
