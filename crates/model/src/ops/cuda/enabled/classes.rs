//! The predicted class of each pixel.

use super::download::Download;
use super::head::Sized;
use super::kernel::{HEAD_EVAL, PIXEL_LOSS, launch, over_tiles, tile_stride, typed};
use super::moments::moments;
use super::view::{Element, Operand, with_element};
use crate::ops::head::Readout;
use crate::ops::layout::channels_last;
use candle_core::cuda_backend::CudaDevice;
use candle_core::cuda_backend::cudarc::driver::{CudaSlice, CudaView};
use candle_core::{Result, Tensor};

const NAME: &str = "classes";

/// The class with the largest logit for every pixel of outputs `v` `[N, C, h, w]` at `size`, and the logits' moments by class
/// if they are wanted. `v` is not empty.
pub(in crate::ops) fn classes(
    v: &Tensor,
    size: (usize, usize),
    readout: Readout,
    with_moments: bool,
) -> Result<(Download, Option<Download>)> {
    let device = v.device().as_cuda_device()?;
    let found = on_device(NAME, v, size, readout)?;
    let sums = with_moments.then(|| moments(v, &found, size, readout)).transpose()?;
    let classes = Download::queue(device, &found)?;
    Ok((classes, sums.map(|sums| Download::queue(device, &sums)).transpose()?))
}

/// The classes on the device.
pub(super) fn on_device(
    name: &str,
    v: &Tensor,
    size: (usize, usize),
    readout: Readout,
) -> Result<CudaSlice<u8>> {
    let sized = Sized::new(name, readout, v, size)?;
    let v = channels_last(v)?;
    let dtype = v.dtype();
    let v = Operand::new(name, &v)?;
    let device = v.device()?;
    // SAFETY: the kernels write every element before anything reads them.
    let mut classes = unsafe { device.alloc::<u8>(sized.pixels())? };
    with_element!(dtype, name, T => {
        let v = v.view::<T>()?;
        match sized.are_logits() {
            true => of_logits::<T>(&device, &sized, &v, &mut classes)?,
            false => of_outputs::<T>(&device, &sized, &v, &mut classes)?,
        }
    });
    Ok(classes)
}

fn of_logits<T: Element>(
    device: &CudaDevice,
    sized: &Sized,
    z: &CudaView<'_, T>,
    classes: &mut CudaSlice<u8>,
) -> Result<()> {
    let function = typed(device, PIXEL_LOSS, "argmax", T::DTYPE)?;
    let bytes = tile_stride(sized.channels) * size_of::<T::Arithmetic>();
    let (config, tile) = over_tiles(sized.pixels(), bytes);
    let (pixels, channels) = (sized.pixels() as u64, sized.channels as u32);
    // SAFETY: `z` holds pixels x channels elements of the kernel's type, `classes` one for each pixel; the shared memory has
    // room for `tile` pixels.
    unsafe { launch!(device, &function, config; &tile, &pixels, &channels, z, classes) }
}

fn of_outputs<T: Element>(
    device: &CudaDevice,
    sized: &Sized,
    v: &CudaView<'_, T>,
    classes: &mut CudaSlice<u8>,
) -> Result<()> {
    let function = typed(device, HEAD_EVAL, "head_classes", T::DTYPE)?;
    let (config, tile) = over_tiles(sized.pixels(), sized.tile_bytes::<T>());
    let ((rows, columns), pixels) = (sized.scales::<T>(), sized.pixels() as u64);
    // SAFETY: the arguments are those of `head_classes` in kernels/head_eval.cu: `v` holds the outputs that `sized` was made
    // of, `classes` one element for each pixel, the shared memory has room for `tile` pixels.
    unsafe { launch!(device, &function, config; &sized.raw(), &tile, &pixels, &rows, &columns, v, classes) }
}
