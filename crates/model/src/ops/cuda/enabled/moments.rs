//! Sums of logits and of their products by predicted class.

use super::head::Sized;
use super::kernel::{HEAD_EVAL, launch, over, over_tiles, plain, typed};
use super::view::{Element, Operand, with_element};
use crate::ops::head::Readout;
use crate::ops::layout::channels_last;
use candle_core::cuda_backend::CudaDevice;
use candle_core::cuda_backend::cudarc::driver::{CudaSlice, CudaView, LaunchConfig};
use candle_core::{Result, Tensor};

const NAME: &str = "moments";
/// Blocks that share the pixels of an image.
const BLOCKS: usize = 256;

/// The sums of one image's outputs `v` `[1, C, h, w]` by the classes of its pixels at `size`.
pub(in crate::ops) fn moments(
    v: &Tensor,
    classes: &[u8],
    size: (usize, usize),
    readout: Readout,
) -> Result<Vec<f64>> {
    let sized = Sized::new(NAME, readout, v, size)?;
    let v = channels_last(v)?;
    let dtype = v.dtype();
    let v = Operand::new(NAME, &v)?;
    let device = v.device()?;
    let classes = device.clone_htod(classes)?;
    with_element!(dtype, NAME, T => sums::<T>(&device, &sized, &v.view::<T>()?, &classes))
}

fn sums<T: Element>(
    device: &CudaDevice,
    sized: &Sized,
    v: &CudaView<'_, T>,
    classes: &CudaSlice<u8>,
) -> Result<Vec<f64>> {
    let (total, pixels) = (sized.classes(), sized.pixels());
    let count = total * (1 + total + total * (total + 1) / 2);
    let (config, tile) = over_tiles(pixels, sized.tile_bytes::<T>());
    let blocks = (config.grid_dim.0 as usize).min(BLOCKS);
    let config = LaunchConfig { grid_dim: (blocks as u32, 1, 1), ..config };
    let per_block = pixels.div_ceil(blocks) as u64;
    let function = typed(device, HEAD_EVAL, "head_moments", T::DTYPE)?;
    // SAFETY: each block clears its own sums first; the second kernel writes every sum.
    let (mut partial, mut sums) =
        unsafe { (device.alloc::<f64>(blocks * count)?, device.alloc::<f64>(count)?) };
    let (rows, columns) = sized.scales::<T>();
    // SAFETY: the arguments are those of `head_moments` in kernels/head_eval.cu: `v` holds the outputs that `sized` was made
    // of, `classes` an element for each pixel, `partial` `count` sums for each block, the shared memory `tile` pixels.
    unsafe {
        launch!(device, &function, config; &sized.raw(), &tile, &per_block, &rows, &columns, v, classes,
            &mut partial)?;
    }
    let add = plain(device, HEAD_EVAL, "head_moments_sum")?;
    // SAFETY: `partial` holds `count` sums for each block, `sums` `count`.
    unsafe {
        launch!(device, &add, over(count); &(blocks as i32), &(count as i32), &partial, &mut sums)?;
    }
    device.clone_dtoh(&sums)
}
