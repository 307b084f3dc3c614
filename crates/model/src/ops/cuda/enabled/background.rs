//! The implicit background logit, alone and in front of the others.

use super::kernel::{BACKGROUND, launch, over_tiles, tile_stride, typed};
use super::view::{Element, Operand, map, with_element};
use crate::ops::head::Form;
use crate::ops::layout::channels_last;
use candle_core::{Result, Tensor};

/// `v` `[N, K, H, W]` to its background logit `[N, 1, H, W]`.
pub(in crate::ops) fn logit(v: &Tensor, form: Form) -> Result<Tensor> {
    forward(v, form, "forward", 1)
}

/// The gradient of `v`, given that of its background logit.
pub(in crate::ops) fn logit_backward(v: &Tensor, db: &Tensor, form: Form) -> Result<Tensor> {
    backward(v, db, form, "backward")
}

/// `v` `[N, K, H, W]` to `[b, v]` `[N, K + 1, H, W]`.
pub(in crate::ops) fn prepend(v: &Tensor, form: Form) -> Result<Tensor> {
    forward(v, form, "prepend", v.dim(1)? + 1)
}

/// The gradient of `v`, given that of [`prepend`]'s result.
pub(in crate::ops) fn prepend_backward(v: &Tensor, dz: &Tensor, form: Form) -> Result<Tensor> {
    backward(v, dz, form, "prepend_backward")
}

/// What the kernel `kind` makes of `v`: a map of so many channels.
fn forward(v: &Tensor, form: Form, kind: &str, channels: usize) -> Result<Tensor> {
    let (n, k, h, w) = v.dims4()?;
    let (v, name) = (channels_last(v)?, form.name());
    let dtype = v.dtype();
    let v = Operand::new(name, &v)?;
    let device = v.device()?;
    let function = typed(&device, BACKGROUND, &format!("{name}_{kind}"), dtype)?;
    let pixels = n * h * w;
    with_element!(dtype, name, T => {
        let v = v.view::<T>()?;
        let (config, tile) = over_tiles(pixels, tile_bytes::<T>(k));
        // SAFETY: the kernel writes every element before anything reads it.
        let mut y = unsafe { device.alloc::<T>(pixels * channels)? };
        // SAFETY: `v` holds pixels x k elements of the kernel's type, `y` pixels x channels, which are as many as the
        // kernel makes; the shared memory has room for `tile` pixels.
        unsafe { launch!(device, &function, config; &(pixels as u64), &(k as u32), &tile, &v, &mut y)? };
        map(y, [n, channels, h, w], &device)
    })
}

/// The gradient of `v` that the kernel `kind` makes of that of the result.
fn backward(v: &Tensor, dy: &Tensor, form: Form, kind: &str) -> Result<Tensor> {
    let (n, k, h, w) = v.dims4()?;
    let (v, dy, name) = (channels_last(v)?, channels_last(dy)?, form.name());
    let dtype = v.dtype();
    let (v, dy) = (Operand::new(name, &v)?, Operand::new(name, &dy)?);
    let device = v.device()?;
    let function = typed(&device, BACKGROUND, &format!("{name}_{kind}"), dtype)?;
    let pixels = n * h * w;
    with_element!(dtype, name, T => {
        let (v, dy) = (v.view::<T>()?, dy.view::<T>()?);
        let (config, tile) = over_tiles(pixels, tile_bytes::<T>(k));
        // SAFETY: the kernel writes every element before anything reads it.
        let mut dv = unsafe { device.alloc::<T>(pixels * k)? };
        // SAFETY: `v` and `dv` hold pixels x k elements of the kernel's type, `dy` as many as the forward kernel made; the
        // shared memory has room for `tile` pixels.
        unsafe { launch!(device, &function, config; &(pixels as u64), &(k as u32), &tile, &v, &dy, &mut dv)? };
        map(dv, [n, k, h, w], &device)
    })
}

/// Shared memory of a pixel, with room for one channel more.
fn tile_bytes<T: Element>(channels: usize) -> usize {
    tile_stride(channels + 1) * size_of::<T::Arithmetic>()
}
