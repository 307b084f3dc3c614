//! Functions of the channels of one pixel, `[N, K, H, W]` to `[N, 1, H, W]`, as operators.

use super::cpu::level::vectorised;
use super::cpu::parallel::{self, Shared, written_by};
use super::cpu::real::{Real, element_type, elements, with_real};
use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor, WithDType, bail};
use std::marker::PhantomData;

/// Pixels handled by one task.
const BLOCK: usize = 1024;

/// Pixels handled at once, so that vectors hold neighbouring pixels.
pub(super) const TILE: usize = 64;

/// The channels of some neighbouring pixels, channel by channel.
pub(super) type Tile<T> = [[T; TILE]];

/// A differentiable function of the `K` channels of one pixel.
pub(super) trait ChannelReduction1: Copy + Send + Sync + 'static {
    /// The operator's name in error messages.
    const NAME: &'static str;
    /// The function of each pixel.
    fn value<T: Real>(v: &mut Tile<T>, y: &mut [T; TILE]);
    /// Replaces the channels by the gradient, given the gradient `dy` of the values.
    fn slope<T: Real>(v: &mut Tile<T>, dy: &[T; TILE]);
}

vectorised! {
    /// Largest channel of each pixel, and its index; the first of equals, and the first NaN before all numbers.
    pub(super) fn largest<T>(v: &Tile<T>, index: &mut [T; TILE], value: &mut [T; TILE]) {
        *index = [T::zero(); TILE];
        *value = v[0];
        let mut k = T::zero();
        for row in &v[1..] {
            k += T::one();
            for i in 0..TILE {
                let (v, best) = (row[i], value[i]);
                #[allow(clippy::eq_op)]
                let better = v > best || (v != v && best == best);
                value[i] = if better { v } else { best };
                index[i] = if better { k } else { index[i] };
            }
        }
    }
}

vectorised! {
    /// Replaces the channels by `exp(v - largest)` and gives their sum and the largest.
    ///
    /// Where the largest is infinite all terms are what they tend to be when it grows: the result stays a number.
    pub(super) fn exponentials<T>(v: &mut Tile<T>, sum: &mut [T; TILE], largest: &mut [T; TILE]) {
        *largest = v[0];
        for row in &v[1..] {
            for i in 0..TILE {
                #[allow(clippy::neg_cmp_op_on_partial_ord)]
                let keep = !(row[i] > largest[i]);
                largest[i] = if keep { largest[i] } else { row[i] };
            }
        }
        *sum = [T::zero(); TILE];
        for row in v {
            for i in 0..TILE {
                let below = row[i] - largest[i];
                // Infinity less infinity: the term of a largest channel.
                let below = if row[i] == largest[i] { T::zero() } else { below };
                row[i] = below.exp_of_negative();
                sum[i] += row[i];
            }
        }
    }
}

/// Calls `each(first, count, tile)` for tiles of the pixels of a map `[K, hw]`.
#[inline(always)]
pub(super) fn for_tiles<T: Real>(
    map: &[T],
    hw: usize,
    pixels: std::ops::Range<usize>,
    mut each: impl FnMut(usize, usize, &mut Tile<T>),
) {
    let mut tile = vec![[T::zero(); TILE]; map.len() / hw];
    for first in pixels.clone().step_by(TILE) {
        let count = TILE.min(pixels.end - first);
        for (c, row) in tile.iter_mut().enumerate() {
            row[..count].copy_from_slice(&map[c * hw + first..][..count]);
        }
        each(first, count, &mut tile);
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
        let _operator = tracing::trace_span!("background logit, forward").entered();
        let (n, k, h, w) = layout.shape().dims4()?;
        let hw = h * w;
        let y = with_real!(element_type(storage), R::NAME, T => {
            let v = elements::<T>(R::NAME, storage, layout)?;
            // SAFETY: every pixel is written by the task of its block.
            T::to_cpu_storage_owned(unsafe {
                written_by(n * hw, |y: Shared<T>| {
                    for_blocks(n, hw, n * k * hw * 2, |image, pixels| {
                        let map = &v[image * k * hw..][..k * hw];
                        for_tiles(map, hw, pixels, |first, count, v| {
                            let mut value = [0 as T; TILE];
                            R::value(v, &mut value);
                            y.slice(image * hw + first, count).copy_from_slice(&value[..count]);
                        });
                    });
                })
            })
        });
        Ok((y, (n, 1, h, w).into()))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        v: &candle_core::CudaStorage,
        layout: &Layout,
    ) -> Result<(candle_core::CudaStorage, Shape)> {
        super::cuda::channels::forward(R::NAME, (v, layout))
    }

    fn bwd(&self, v: &Tensor, _y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(v.apply_op2_no_bwd(&dy.contiguous()?, &Backward::<R>(PhantomData))?))
    }
}

struct Backward<R>(PhantomData<R>);

impl<R: ChannelReduction1> CustomOp2 for Backward<R> {
    fn name(&self) -> &'static str {
        R::NAME
    }

    fn cpu_fwd(
        &self,
        v: &CpuStorage,
        v_layout: &Layout,
        dy: &CpuStorage,
        dy_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let _operator = tracing::trace_span!("background logit, backward").entered();
        let (n, k, h, w) = v_layout.shape().dims4()?;
        let hw = h * w;
        let dv = with_real!(element_type(v), R::NAME, T => {
            let v = elements::<T>(R::NAME, v, v_layout)?;
            let dy = elements::<T>(R::NAME, dy, dy_layout)?;
            // SAFETY: all channels of a pixel are written by the task of its block.
            T::to_cpu_storage_owned(unsafe {
                written_by(v.len(), |dv: Shared<T>| {
                    for_blocks(n, hw, n * k * hw * 2, |image, pixels| {
                        let map = &v[image * k * hw..][..k * hw];
                        for_tiles(map, hw, pixels, |first, count, v| {
                            let mut tile = [0 as T; TILE];
                            tile[..count].copy_from_slice(&dy[image * hw + first..][..count]);
                            R::slope(v, &tile);
                            for (c, row) in v.iter().enumerate() {
                                dv.slice((image * k + c) * hw + first, count)
                                    .copy_from_slice(&row[..count]);
                            }
                        });
                    });
                })
            })
        });
        Ok((dv, v_layout.shape().clone()))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        v: &candle_core::CudaStorage,
        v_layout: &Layout,
        dy: &candle_core::CudaStorage,
        dy_layout: &Layout,
    ) -> Result<(candle_core::CudaStorage, Shape)> {
        super::cuda::channels::backward(R::NAME, (v, v_layout), (dy, dy_layout))
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
