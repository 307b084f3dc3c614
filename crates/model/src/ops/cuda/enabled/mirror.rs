//! Exchange of left and right.

use super::kernel::{SCORES, launch, over_pixels, typed};
use super::view::{Operand, map, with_element};
use crate::ops::layout::channels_last;
use candle_core::{Result, Tensor};

const NAME: &str = "mirror";

/// `x` `[N, C, H, W]` with left and right exchanged.
pub(in crate::ops) fn mirror(x: &Tensor) -> Result<Tensor> {
    let (n, c, h, w) = x.dims4()?;
    let x = channels_last(x)?;
    let dtype = x.dtype();
    let x = Operand::new(NAME, &x)?;
    let device = x.device()?;
    let function = typed(&device, SCORES, NAME, dtype)?;
    let config = over_pixels(n * h * w, c, dtype);
    with_element!(dtype, NAME, T => {
        let x = x.view::<T>()?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut y = unsafe { device.alloc::<T>(n * c * h * w)? };
        // SAFETY: both hold n x h x w pixels of `c` elements of the kernel's type, in lines of `w`.
        unsafe {
            launch!(device, &function, config; &((n * h * w) as u64), &(c as u32), &(w as u32), &x, &mut y)?;
        }
        map(y, [n, c, h, w], &device)
    })
}
