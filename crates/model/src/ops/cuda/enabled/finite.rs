//! Whether numbers are finite.

use super::download::Download;
use super::kernel::{FINITE, launch, over_all, typed};
use super::view::{Operand, with_element};
use candle_core::cuda_backend::CudaDevice;
use candle_core::cuda_backend::cudarc::driver::CudaSlice;
use candle_core::{Result, Tensor};

const NAME: &str = "not_finite";

/// A word on the device that becomes 1 where one of the tensors that were added has a NaN or an infinity.
#[derive(Debug)]
pub(in crate::ops) struct NotFinite {
    device: CudaDevice,
    found: CudaSlice<u32>,
}

impl NotFinite {
    /// For tensors on the device of `x`, none of which was added yet.
    pub(in crate::ops) fn new(x: &Tensor) -> Result<NotFinite> {
        let device = x.device().as_cuda_device()?.clone();
        let found = device.alloc_zeros::<u32>(1)?;
        Ok(NotFinite { device, found })
    }

    /// Queues the look at every element of a contiguous tensor.
    pub(in crate::ops) fn add(&mut self, x: &Tensor) -> Result<()> {
        let (dtype, count) = (x.dtype(), x.elem_count());
        let x = Operand::new(NAME, x)?;
        let (device, found) = (&self.device, &mut self.found);
        let function = typed(device, FINITE, NAME, dtype)?;
        with_element!(dtype, NAME, T => {
            let x = x.view::<T>()?;
            // SAFETY: `x` holds `count` elements of the type that the kernel was chosen for; the kernel writes one number.
            unsafe { launch!(device, &function, over_all(count, dtype); &(count as u64), &x, found) }
        })
    }

    /// The word's four bytes.
    pub(in crate::ops) fn download(&self) -> Result<Download> {
        Download::queue(&self.device, &self.found)
    }
}
