//! Bilinear resizing.

use super::kernel::{BILINEAR, launch, over_pieces, typed};
use super::view::{Element, Part, dtype, view, with_element};
use crate::ops::bilinear::{Bilinear, Side};
use crate::ops::cpu::real::Real;
use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::cudarc::driver::CudaSlice;
use candle_core::cuda_backend::{CudaDevice, CudaStorage, DeviceId};
use candle_core::{Result, Shape, bail};
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

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
fn places<A: Element + Real + Send + Sync>(
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
    kept.insert(key, places.clone());
    Ok(places)
}

/// `x` `[N, C, H, W]` resized.
pub(in crate::ops) fn forward(name: &str, x: Part<'_>, op: &Bilinear) -> Result<(CudaStorage, Shape)> {
    let (n, c, h, w) = x.1.shape().dims4()?;
    let (oh, ow) = (op.out_h, op.out_w);
    let device = x.0.device().clone();
    let function = typed(&device, BILINEAR, "bilinear", dtype(x.0))?;
    let (planes, [ih, iw, rh, rw]) = ((n * c) as u64, sides(name, [h, w, oh, ow])?);
    let y = with_element!(dtype(x.0), name, T => {
        type A = <T as Element>::Arithmetic;
        let rows = places::<A>(&device, h, oh, op.align_corners)?;
        let columns = places::<A>(&device, w, ow, op.align_corners)?;
        let x = view::<T>(name, x)?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut y = unsafe { device.alloc::<T>(n * c * oh * ow)? };
        let config = over_pieces(n * c, oh * ow);
        // SAFETY: `x` and `y` hold planes of these sides, in the kernel's type; the tables are those of the sides.
        unsafe {
            launch!(device, &function, config; &planes, &ih, &iw, &rh, &rw,
                &rows.low, &rows.weight, &columns.low, &columns.weight, &x, &mut y)?;
        }
        CudaStorage::wrap_cuda_slice(y, device)
    });
    Ok((y, (n, c, oh, ow).into()))
}

/// The gradient of the input, given that of the resized map.
pub(in crate::ops) fn backward(name: &str, dy: Part<'_>, op: &Bilinear) -> Result<(CudaStorage, Shape)> {
    let (n, c, oh, ow) = dy.1.shape().dims4()?;
    let (h, w) = (op.h, op.w);
    let device = dy.0.device().clone();
    let function = typed(&device, BILINEAR, "bilinear_backward", dtype(dy.0))?;
    let (planes, [ih, iw, rh, rw]) = ((n * c) as u64, sides(name, [h, w, oh, ow])?);
    let dx = with_element!(dtype(dy.0), name, T => {
        type A = <T as Element>::Arithmetic;
        let rows = places::<A>(&device, h, oh, op.align_corners)?;
        let columns = places::<A>(&device, w, ow, op.align_corners)?;
        let dy = view::<T>(name, dy)?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut dx = unsafe { device.alloc::<T>(n * c * h * w)? };
        let config = over_pieces(n * c, h * w);
        // SAFETY: as in the forward pass.
        unsafe {
            launch!(device, &function, config; &planes, &ih, &iw, &rh, &rw,
                &rows.low, &rows.weight, &rows.before,
                &columns.low, &columns.weight, &columns.before, &dy, &mut dx)?;
        }
        CudaStorage::wrap_cuda_slice(dx, device)
    });
    Ok((dx, (n, c, h, w).into()))
}

/// The kernels count the elements of one plane in 32 bits.
fn sides(name: &str, sides: [usize; 4]) -> Result<[u32; 4]> {
    let [h, w, oh, ow] = sides;
    if (h * w).max(oh * ow) >= 1 << 31 {
        bail!("{name}: expected maps of fewer than 2^31 pixels on a GPU, got {h}x{w} and {oh}x{ow}");
    }
    Ok(sides.map(|v| v as u32))
}
