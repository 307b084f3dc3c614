//! Whether numbers are finite.

use super::kernel::{FINITE, launch, over_all, typed};
use super::view::{Operand, with_element};
use candle_core::{Result, Tensor};

const NAME: &str = "not_finite";

/// Whether every element of a contiguous tensor is finite.
pub(in crate::ops) fn all_finite(x: &Tensor) -> Result<bool> {
    let (dtype, count) = (x.dtype(), x.elem_count());
    let x = Operand::new(NAME, x)?;
    let device = x.device()?;
    let function = typed(&device, FINITE, NAME, dtype)?;
    let mut found = device.alloc_zeros::<u32>(1)?;
    with_element!(dtype, NAME, T => {
        let x = x.view::<T>()?;
        // SAFETY: `x` holds `count` elements of the type that the kernel was chosen for; the kernel writes one number.
        unsafe { launch!(device, &function, over_all(count, dtype); &(count as u64), &x, &mut found)? };
    });
    Ok(device.clone_dtoh(&found)? == [0])
}
