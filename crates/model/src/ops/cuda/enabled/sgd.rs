//! One SGD step on all parameters in one launch.

use super::kernel::{BLOCK, SGD, launch, plain};
use crate::ops::SgdTurn;
use candle_core::cuda_backend::cudarc::driver::{DevicePtr, LaunchConfig};
use candle_core::{Result, Storage, Tensor, bail};

/// Values that one block works on; the kernel has the same number.
const PER_BLOCK: usize = 4096;
/// Words of a `Turn` of the kernel.
const WORDS: usize = 6;

/// The step; the tensors were checked to be f32, contiguous and on one device.
pub(in crate::ops) fn update(turns: &[SgdTurn<'_>], momentum: f64, weight_decay: f64) -> Result<()> {
    let (mut table, mut blocks) = (Vec::with_capacity(turns.len() * WORDS), 0u64);
    for turn in turns.iter().filter(|turn| turn.value.elem_count() > 0) {
        let count = turn.value.elem_count();
        let lr = f64::from(turn.lr as f32).to_bits();
        let [value, buffer, gradient] = [turn.value, turn.buffer, turn.gradient].map(address);
        table.extend([value?, buffer?, gradient?, count as u64, blocks, lr]);
        blocks += count.div_ceil(PER_BLOCK) as u64;
    }
    let Some(turn) = turns.first().filter(|_| !table.is_empty()) else { return Ok(()) };
    let device = turn.value.device().as_cuda_device()?;
    let Ok(grid) = i32::try_from(blocks) else {
        bail!("sgd: {blocks} blocks of {PER_BLOCK} values are more than one launch can have")
    };
    let function = plain(device, SGD, "sgd_update_f32")?;
    let config =
        LaunchConfig { grid_dim: (grid as u32, 1, 1), block_dim: (BLOCK, 1, 1), shared_mem_bytes: 0 };
    let tensors = (table.len() / WORDS) as u64;
    let table = device.clone_htod(&table)?;
    let (momentum, weight_decay) = (momentum as f32, weight_decay as f32);
    // SAFETY: the table names `tensors` triples of f32 buffers of the count beside them, which the borrowed tensors keep
    // alive until the launch is queued; freeing them later is queued behind it on the same stream. Parameters and
    // buffers change in place, as `Tensor::inplace_op2` changes them on the CPU, and nothing else runs on the stream.
    unsafe { launch!(device, &function, config; &tensors, &table, &momentum, &weight_decay) }
}

/// Where a tensor's first value lies on the device.
fn address(tensor: &Tensor) -> Result<u64> {
    let (storage, layout) = tensor.storage_and_layout();
    let Storage::Cuda(storage) = &*storage else { bail!("sgd: expected a tensor on a GPU") };
    let values = storage.as_cuda_slice::<f32>()?.slice(layout.start_offset()..);
    let stream = storage.device.cuda_stream();
    // Every use of candle's memory is queued on the thread's stream, so there is nothing to wait for.
    let (pointer, _) = values.device_ptr(&stream);
    Ok(pointer)
}
