//! The pooling of the ResNet stem.

use super::kernel::{MAX_POOL, launch, over_pieces, typed};
use super::view::{Part, dtype, read, tensor, view, with_element};
use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::CudaStorage;
use candle_core::{Result, Shape, Tensor};

/// The pooled map, and which element of each window won (0 to 8 in scan order) where a backward pass may want it.
pub(in crate::ops) fn forward(
    name: &str,
    x: Part<'_>,
    keep: bool,
) -> Result<(CudaStorage, Shape, Option<Tensor>)> {
    let (n, c, h, w) = x.1.shape().dims4()?;
    let (oh, ow) = (h.div_ceil(2), w.div_ceil(2));
    let shape = Shape::from((n, c, oh, ow));
    let device = x.0.device().clone();
    let function = typed(&device, MAX_POOL, "max_pool", dtype(x.0))?;
    let config = over_pieces(n * c, oh * ow);
    let (planes, sides) = ((n * c) as u64, [h, w].map(|v| v as u32));
    with_element!(dtype(x.0), name, T => {
        let x = view::<T>(name, x)?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut y = unsafe { device.alloc::<T>(shape.elem_count())? };
        // SAFETY: as above.
        let winners = || unsafe { device.alloc::<u8>(shape.elem_count()) };
        let mut winners = keep.then(winners).transpose()?;
        match &mut winners {
            // SAFETY: `x` holds planes x h x w elements of the kernel's type, the others planes x oh x ow.
            Some(kept) => unsafe {
                launch!(device, &function, config; &planes, &sides[0], &sides[1], &x, &mut y, kept)?;
            },
            // SAFETY: as above; the kernel writes no winners where their address is null.
            None => unsafe {
                launch!(device, &function, config; &planes, &sides[0], &sides[1], &x, &mut y, &0u64)?;
            },
        }
        let winners = winners.map(|kept| tensor(kept, shape.clone(), &device));
        Ok((CudaStorage::wrap_cuda_slice(y, device), shape, winners))
    })
}

/// The gradient of a map of `h` x `w`, given that of its pooled map and the winners.
pub(in crate::ops) fn backward(
    name: &str,
    dy: Part<'_>,
    winners: &Tensor,
    [h, w]: [usize; 2],
) -> Result<(CudaStorage, Shape)> {
    let (n, c, _, _) = dy.1.shape().dims4()?;
    let device = dy.0.device().clone();
    let function = typed(&device, MAX_POOL, "max_pool_backward", dtype(dy.0))?;
    let (planes, sides) = ((n * c) as u64, [h, w].map(|v| v as u32));
    let dx = with_element!(dtype(dy.0), name, T => read::<u8, _>(name, winners, |winners| {
        let dy = view::<T>(name, dy)?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut dx = unsafe { device.alloc::<T>(n * c * h * w)? };
        let config = over_pieces(n * c, h * w);
        // SAFETY: `dx` holds planes x h x w elements of the kernel's type, the others an element for each window.
        unsafe {
            launch!(device, &function, config; &planes, &sides[0], &sides[1], &winners, &dy, &mut dx)?;
        }
        Ok(CudaStorage::wrap_cuda_slice(dx, device.clone()))
    })?);
    Ok((dx, (n, c, h, w).into()))
}
