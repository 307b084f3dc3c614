//! Sums of logits and of their products by predicted class.

use super::head::Sized;
use super::kernel::{HEAD_EVAL, launch, over, over_tiles, plain, typed};
use super::view::{Element, Operand, with_element};
use crate::ops::head::Readout;
use crate::ops::layout::channels_last;
use candle_core::cuda_backend::CudaDevice;
use candle_core::cuda_backend::cudarc::driver::{CudaSlice, CudaView, LaunchConfig};
use candle_core::{Result, Tensor};
use std::ops::Range;

const NAME: &str = "moments";
/// Blocks that share the pixels of an image. Constant, so that sums do not depend on the card or on the batch.
const BLOCKS: usize = 16;
/// Bytes of blocks' sums in memory at a time, as long as those of one image are less.
const PARTIAL: usize = 256 << 20;

/// The sums of the outputs `v` `[N, C, h, w]` by the classes of their pixels at `size`.
pub(super) fn moments(
    v: &Tensor,
    classes: &CudaSlice<u8>,
    size: (usize, usize),
    readout: Readout,
) -> Result<CudaSlice<f64>> {
    let sized = Sized::new(NAME, readout, v, size)?;
    let v = channels_last(v)?;
    let dtype = v.dtype();
    let v = Operand::new(NAME, &v)?;
    let device = v.device()?;
    with_element!(dtype, NAME, T => sums::<T>(&device, &sized, &v.view::<T>()?, classes))
}

fn sums<T: Element>(
    device: &CudaDevice,
    sized: &Sized,
    v: &CudaView<'_, T>,
    classes: &CudaSlice<u8>,
) -> Result<CudaSlice<f64>> {
    let (images, total) = (sized.images, sized.classes());
    let count = total * (1 + total + total * (total + 1) / 2);
    let at_once = (PARTIAL / (BLOCKS * count * size_of::<f64>())).clamp(1, images);
    // SAFETY: each block clears its own sums first; the second kernel writes every sum.
    let (mut partial, mut sums) =
        unsafe { (device.alloc::<f64>(at_once * BLOCKS * count)?, device.alloc::<f64>(images * count)?) };
    for first in (0..images).step_by(at_once) {
        let some = at_once.min(images - first);
        by_block::<T>(device, sized, first..first + some, v, classes, &mut partial)?;
        let mut sums = sums.slice_mut(first * count..(first + some) * count);
        let (images, blocks, count) = (some as u32, BLOCKS as u32, count as u32);
        let add = plain(device, HEAD_EVAL, "head_moments_sum")?;
        let config = over(sums.len());
        // SAFETY: `partial` holds `count` sums for each block of each of the images, `sums` `count` for each of the images.
        unsafe { launch!(device, &add, config; &images, &blocks, &count, &partial, &mut sums)? };
    }
    Ok(sums)
}

/// The sums of each block over its share of the pixels of some of the images.
fn by_block<T: Element>(
    device: &CudaDevice,
    sized: &Sized,
    images: Range<usize>,
    v: &CudaView<'_, T>,
    classes: &CudaSlice<u8>,
    partial: &mut CudaSlice<f64>,
) -> Result<()> {
    let function = typed(device, HEAD_EVAL, "head_moments", T::DTYPE)?;
    let pixels = sized.outer.0 * sized.outer.1;
    let (config, tile) = over_tiles(pixels, sized.tile_bytes::<T>());
    let config = LaunchConfig { grid_dim: ((images.len() * BLOCKS) as u32, 1, 1), ..config };
    let (first, blocks, per_block) = (images.start as u64, BLOCKS as u32, pixels.div_ceil(BLOCKS) as u64);
    let (rows, columns) = sized.scales::<T>();
    // SAFETY: the arguments are those of `head_moments` in kernels/head_eval.cu: `v` holds the outputs that `sized` was made
    // of, `classes` an element for each pixel, `partial` the sums of `blocks` blocks for each of the images, the shared memory
    // `tile` pixels.
    unsafe {
        launch!(device, &function, config; &sized.raw(), &tile, &first, &blocks, &per_block, &rows, &columns, v,
            classes, partial)
    }
}
