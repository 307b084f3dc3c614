//! Counts of pixels by label and predicted class.

use super::classes::on_device;
use super::download;
use super::head::check_status;
use super::kernel::{BLOCK, HEAD_EVAL, SHARED_BYTES, launch, plain};
use super::view::Operand;
use crate::ops::head::Readout;
use candle_core::cuda_backend::cudarc::driver::LaunchConfig;
use candle_core::{Result, Tensor};

const NAME: &str = "confusion";
/// Pixels in a row that one thread counts: `CONFUSION_RUN` of kernels/head_eval.cu.
const RUN: usize = 16;

/// The confusion matrix of outputs `v` `[N, C, h, w]` at the size of `label` `[N, H, W]`.
pub(in crate::ops) fn confusion(v: &Tensor, label: &Tensor, readout: Readout) -> Result<Vec<u64>> {
    let (_, height, width) = label.dims3()?;
    let total = readout.classes(v.dim(1)?);
    if label.elem_count() == 0 {
        return Ok(vec![0; total * total]);
    }
    let classes = on_device(NAME, v, (height, width), readout)?;
    let label = label.contiguous()?;
    let label = Operand::new(NAME, &label)?;
    let (device, labels) = (label.device()?, label.view::<u8>()?);
    let (mut counts, mut status) = (device.alloc_zeros::<i64>(total * total)?, device.alloc_zeros::<i64>(3)?);
    let function = plain(&device, HEAD_EVAL, "confusion")?;
    let bytes = total * total * size_of::<u32>();
    let local = bytes <= SHARED_BYTES;
    // Few blocks, because each adds its counts to those of all.
    let blocks = labels.len().div_ceil(BLOCK as usize * RUN).min(2048) as u32;
    let config = LaunchConfig {
        grid_dim: (blocks, 1, 1),
        block_dim: (BLOCK, 1, 1),
        shared_mem_bytes: if local { bytes as u32 } else { 0 },
    };
    // SAFETY: labels and classes hold an element for each pixel, `counts` total x total, `status` three; where
    // the kernel counts locally the shared memory has room for it.
    unsafe {
        launch!(device, &function, config; &(total as i32), &i32::from(local), &(labels.len() as u64), &labels, &classes, &mut counts,
            &mut status)?;
    }
    check_status(NAME, total, &download::counts(&device, &status)?)?;
    download::counts(&device, &counts)
}
