//! Memory of the host that the system does not move.
//!
//! The device copies such memory by itself, several times faster than the driver copies other memory in pieces, and a copy is
//! queued like a kernel.

use candle_core::Result;
use candle_core::cuda_backend::cudarc::driver::PinnedHostSlice;
use candle_core::cuda_backend::{CudaDevice, WrapErr};

/// Memory for at least so many bytes, of any values. The number is rounded up, so that the next ones find room too.
pub(super) fn pinned(device: &CudaDevice, bytes: usize, flags: u32) -> Result<PinnedHostSlice<u8>> {
    let context = device.cuda_stream().context().clone();
    // SAFETY: bytes of any value are bytes; who takes them writes them before they are read.
    unsafe { context.alloc_pinned_with_flags::<u8>(bytes.next_power_of_two(), flags) }.w()
}
