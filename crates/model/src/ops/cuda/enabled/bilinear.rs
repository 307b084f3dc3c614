//! Bilinear resizing.

use super::device::publish;
use super::kernel::{BILINEAR, launch, over_blocks, over_pixels, typed};
use super::view::{Element, Operand, map, with_element};
use crate::ops::layout::channels_last;
use crate::ops::resizing::{Resizing, Side};
use candle_core::cuda_backend::cudarc::driver::CudaSlice;
use candle_core::cuda_backend::{CudaDevice, DeviceId};
use candle_core::{Result, Tensor, bail};
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

const NAME: &str = "upsample_bilinear";
/// Pixels of the result that a block computes: `TILE` of `kernels/bilinear.cu`.
const TILE: usize = 64;

/// [`Side`] on a GPU, as `kernels/bilinear.cu` describes it.
struct Places<A> {
    low: CudaSlice<u32>,
    weight: CudaSlice<A>,
    before: CudaSlice<u32>,
}

/// Device, lengths of the input and the result, whether corners are aligned, bytes of the weights' type.
type Key = (DeviceId, usize, usize, bool, usize);
type Kept = HashMap<Key, Arc<dyn Any + Send + Sync>>;

/// The places along one side, computed on the CPU and copied once for each pair of lengths.
fn places<A: Element + Send + Sync>(
    device: &CudaDevice,
    inputs: usize,
    outputs: usize,
    align_corners: bool,
) -> Result<Arc<Places<A>>> {
    static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);
    let key = (device.id(), inputs, outputs, align_corners, size_of::<A>());
    let mut kept = KEPT.lock().unwrap_or_else(|e| e.into_inner());
    if let Some(Ok(known)) = kept.get(&key).map(|known| known.clone().downcast()) {
        return Ok(known);
    }
    let side = Side::<A>::new(inputs, outputs, align_corners);
    let low: Vec<u32> = side.from.iter().map(|from| from[0] as u32).collect();
    let before: Vec<u32> = (0..=inputs as u32).map(|i| low.partition_point(|&low| low < i) as u32).collect();
    let places = Arc::new(Places {
        low: device.clone_htod(&low)?,
        weight: device.clone_htod(&side.weight)?,
        before: device.clone_htod(&before)?,
    });
    publish(device)?;
    kept.insert(key, places.clone());
    Ok(places)
}

/// `x` `[N, C, H, W]` resized.
pub(in crate::ops) fn forward(x: &Tensor, resizing: &Resizing) -> Result<Tensor> {
    let (n, c, h, w) = x.dims4()?;
    let (oh, ow, align) = (resizing.out_h, resizing.out_w, resizing.align_corners);
    let [images, channels, ih, iw, rh, rw] = sizes([n, c, h, w, oh, ow])?;
    let x = channels_last(x)?;
    let dtype = x.dtype();
    let x = Operand::new(NAME, &x)?;
    let device = x.device()?;
    let function = typed(&device, BILINEAR, "bilinear", dtype)?;
    let config = over_blocks((n * oh * ow).div_ceil(TILE));
    with_element!(dtype, NAME, T => {
        type A = <T as Element>::Arithmetic;
        let (rows, columns) = (places::<A>(&device, h, oh, align)?, places::<A>(&device, w, ow, align)?);
        let x = x.view::<T>()?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut y = unsafe { device.alloc::<T>(n * c * oh * ow)? };
        // SAFETY: `x` and `y` hold maps of these sizes in the kernel's type; the tables are those of the sides.
        unsafe {
            launch!(device, &function, config; &images, &channels, &ih, &iw, &rh, &rw,
                &rows.low, &rows.weight, &columns.low, &columns.weight, &x, &mut y)?;
        }
        map(y, [n, c, oh, ow], &device)
    })
}

/// The gradient of the input, given that of the resized map.
pub(in crate::ops) fn backward(dy: &Tensor, resizing: &Resizing) -> Result<Tensor> {
    let (n, c, oh, ow) = dy.dims4()?;
    let (h, w, align) = (resizing.h, resizing.w, resizing.align_corners);
    let [images, channels, ih, iw, rh, rw] = sizes([n, c, h, w, oh, ow])?;
    let dy = channels_last(dy)?;
    let dtype = dy.dtype();
    let dy = Operand::new(NAME, &dy)?;
    let device = dy.device()?;
    let function = typed(&device, BILINEAR, "bilinear_backward", dtype)?;
    let config = over_pixels(n * h * w, c, dtype);
    with_element!(dtype, NAME, T => {
        type A = <T as Element>::Arithmetic;
        let (rows, columns) = (places::<A>(&device, h, oh, align)?, places::<A>(&device, w, ow, align)?);
        let dy = dy.view::<T>()?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut dx = unsafe { device.alloc::<T>(n * c * h * w)? };
        // SAFETY: `dy` and `dx` hold maps of these sizes in the kernel's type; the tables are those of the sides.
        unsafe {
            launch!(device, &function, config; &images, &channels, &ih, &iw, &rh, &rw,
                &rows.low, &rows.weight, &rows.before,
                &columns.low, &columns.weight, &columns.before, &dy, &mut dx)?;
        }
        map(dx, [n, c, h, w], &device)
    })
}

/// The kernels count images, channels and the pixels of one image in 32 bits.
fn sizes(sizes: [usize; 6]) -> Result<[u32; 6]> {
    let [n, c, h, w, oh, ow] = sizes;
    if [n, c, h * w, oh * ow].iter().any(|&count| count >= 1 << 31) {
        bail!("{NAME}: expected maps of fewer than 2^31 pixels on a GPU, got {h}x{w} and {oh}x{ow}");
    }
    Ok(sizes.map(|v| v as u32))
}
