//! The pooling of the ResNet stem.

use super::kernel::{MAX_POOL, launch, over_pixels, typed};
use super::view::{Operand, map, tensor, with_element};
use crate::ops::layout::channels_last;
use candle_core::{Result, Tensor};

const NAME: &str = "max_pool_3x3_s2";

/// The pooled map and, with `keep`, which element of each window won (0 to 8 in scan order), `[N, OH, OW, C]` in U8.
pub(in crate::ops) fn forward(x: &Tensor, keep: bool) -> Result<(Tensor, Option<Tensor>)> {
    let (n, c, h, w) = x.dims4()?;
    let (oh, ow) = (h.div_ceil(2), w.div_ceil(2));
    let x = channels_last(x)?;
    let dtype = x.dtype();
    let x = Operand::new(NAME, &x)?;
    let device = x.device()?;
    let function = typed(&device, MAX_POOL, "max_pool", dtype)?;
    let config = over_pixels(n * oh * ow, c, dtype);
    let ([images, channels, rows, columns], count) = ([n, c, h, w].map(|v| v as u32), n * c * oh * ow);
    with_element!(dtype, NAME, T => {
        let x = x.view::<T>()?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut y = unsafe { device.alloc::<T>(count)? };
        let mut winners = match keep {
            // SAFETY: the kernel writes every element before anything reads it.
            true => Some(unsafe { device.alloc::<u8>(count)? }),
            false => None,
        };
        match &mut winners {
            // SAFETY: `x` holds images x rows x columns x channels elements of the kernel's type, the others `count`.
            Some(kept) => unsafe {
                launch!(device, &function, config; &images, &channels, &rows, &columns, &x, &mut y, kept)?;
            },
            // SAFETY: `x` and `y` are those of the other case; the kernel writes no winners where their address is null.
            None => unsafe {
                launch!(device, &function, config; &images, &channels, &rows, &columns, &x, &mut y, &0u64)?;
            },
        }
        let winners = winners.map(|kept| tensor(kept, (n, oh, ow, c), &device));
        Ok((map(y, [n, c, oh, ow], &device)?, winners))
    })
}

/// The gradient of a map of `h` x `w`, given the winners and the gradient of its pooled map.
pub(in crate::ops) fn backward(winners: &Tensor, dy: &Tensor, [h, w]: [usize; 2]) -> Result<Tensor> {
    let (n, c, _, _) = dy.dims4()?;
    let dy = channels_last(dy)?;
    let dtype = dy.dtype();
    let (dy, winners) = (Operand::new(NAME, &dy)?, Operand::new(NAME, winners)?);
    let device = dy.device()?;
    let function = typed(&device, MAX_POOL, "max_pool_backward", dtype)?;
    let config = over_pixels(n * h * w, c, dtype);
    let [images, channels, rows, columns] = [n, c, h, w].map(|v| v as u32);
    with_element!(dtype, NAME, T => {
        let (dy, winners) = (dy.view::<T>()?, winners.view::<u8>()?);
        // SAFETY: the kernel writes every element before anything reads it.
        let mut dx = unsafe { device.alloc::<T>(n * c * h * w)? };
        // SAFETY: `dx` holds images x rows x columns x channels elements of the kernel's type, the others an element for
        // each channel of each window.
        unsafe {
            launch!(device, &function, config; &images, &channels, &rows, &columns, &winners, &dy, &mut dx)?;
        }
        map(dx, [n, c, h, w], &device)
    })
}
