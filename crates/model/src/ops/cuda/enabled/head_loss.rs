//! The loss of a batch from the network's outputs, with the upsampling and the background logit inside.

use super::head::{Head, Sized, check_status};
use super::kernel::{HEAD_LOSS, launch, over, typed};
use super::view::{Element, Part, dtype, on_gpu, tensor, view, with_element};
use crate::ops::cpu::real::check_label_size;
use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::cudarc::driver::LaunchConfig;
use candle_core::cuda_backend::{CudaDevice, CudaStorage};
use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor, bail};
use std::sync::OnceLock;

const NAME: &str = "head_loss";
/// Cells, and so warps, of a block.
const CELLS: usize = 8;
/// Threads of the one block that adds the blocks' losses.
pub(super) const ADDERS: u32 = 1024;

/// Mean loss over the counted pixels of `label` `[N, H, W]` of U8, from outputs `v` `[N, C, h, w]`, a scalar (f32 where
/// `v` is bf16). Waits for the result, to report labels that are no class.
///
/// # Errors
/// When shapes, types or devices do not belong together, or a label is no class.
pub(crate) fn head_loss(v: &Tensor, label: &Tensor, head: Head) -> Result<Tensor> {
    check_label_size(NAME, v, label)?;
    let (_, height, width) = label.dims3()?;
    let sized = Sized::new(NAME, head, v, (height, width))?;
    let op = HeadLoss { sized, label: label.contiguous()?, kept: OnceLock::new() };
    v.contiguous()?.apply_op1(op)
}

struct HeadLoss {
    sized: Sized,
    label: Tensor,
    kept: OnceLock<Kept>,
}

/// What the backward pass needs: each cell's corner sums and the number of counted pixels.
#[derive(Clone)]
struct Kept {
    corners: Tensor,
    status: Tensor,
}

impl CustomOp1 for HeadLoss {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        bail!("{NAME}: this form of the loss is the GPU's")
    }

    fn cuda_fwd(&self, v: &CudaStorage, layout: &Layout) -> Result<(CudaStorage, Shape)> {
        let (loss, kept) = with_element!(dtype(v), NAME, T => {
            on_gpu(NAME, &self.label, |label| forward::<T>(&self.sized, (v, layout), label))
        })?;
        // The operator object runs once; a second run would find the same.
        let _ = self.kept.set(kept);
        Ok((loss, ().into()))
    }

    fn bwd(&self, v: &Tensor, _loss: &Tensor, upstream: &Tensor) -> Result<Option<Tensor>> {
        let Some(kept) = self.kept.get() else { bail!("{NAME}: the forward pass did not run") };
        let gradient = Gradient { sized: self.sized, kept: kept.clone(), dtype: v.dtype() };
        Ok(Some(upstream.apply_op1_no_bwd(&gradient)?))
    }
}

fn forward<T: Element>(sized: &Sized, v: Part<'_>, label: Part<'_>) -> Result<(CudaStorage, Kept)> {
    let device = v.0.device().clone();
    let (v, label) = (view::<T>(NAME, v)?, view::<u8>(NAME, label)?);
    let cells = sized.images * sized.inner.0 * sized.inner.1;
    let blocks = cells.div_ceil(CELLS);
    let per_lane = match sized.channels.div_ceil(32) {
        1 => 1,
        2 => 2,
        _ => 8,
    };
    let function = typed(&device, HEAD_LOSS, &format!("{NAME}_{per_lane}"), T::DTYPE)?;
    let config = LaunchConfig {
        grid_dim: (blocks as u32, 1, 1),
        block_dim: (32 * CELLS as u32, 1, 1),
        shared_mem_bytes: 0,
    };
    // SAFETY: the kernel writes all corners of all cells, and a loss and a count for every block.
    let (mut corners, mut losses, mut counted) = unsafe {
        let corners = device.alloc::<T::Arithmetic>(cells * 4 * sized.channels)?;
        (corners, device.alloc::<f64>(blocks)?, device.alloc::<u32>(blocks)?)
    };
    let mut status = device.alloc_zeros::<i64>(3)?;
    let (rows, columns) = sized.scales::<T>();
    let weight: T::Arithmetic = sized.channel_weight();
    // SAFETY: the arguments are those of `head_loss` in kernels/head_loss.cu, sized as it says.
    unsafe {
        launch!(device, &function, config; &sized.raw(), &(sized.images as i32), &rows, &columns, &weight, &v, &label,
            &mut corners, &mut losses, &mut counted, &mut status)?;
    }
    let mean = mean::<T>(&device, HEAD_LOSS, "head_loss_mean", (&losses, &counted, &mut status))?;
    let found: Vec<u64> = device.clone_dtoh(&status)?.into_iter().map(|n| n as u64).collect();
    check_status(NAME, sized.classes(), &found)?;
    let corners = tensor(corners, (cells, 4, sized.channels), &device);
    let status = tensor(status, 3, &device);
    Ok((mean, Kept { corners, status }))
}

type Slice<T> = candle_core::cuda_backend::cudarc::driver::CudaSlice<T>;

/// The mean of the blocks' losses over the pixels that they counted, which goes to `status[0]`.
pub(super) fn mean<T: Element>(
    device: &CudaDevice,
    module: super::kernel::Module,
    name: &str,
    (losses, counted, status): (&Slice<f64>, &Slice<u32>, &mut Slice<i64>),
) -> Result<CudaStorage> {
    let function = typed(device, module, name, T::DTYPE)?;
    // SAFETY: the kernel writes the one element.
    let mut mean = unsafe { device.alloc::<T::Arithmetic>(1)? };
    let config = LaunchConfig { grid_dim: (1, 1, 1), block_dim: (ADDERS, 1, 1), shared_mem_bytes: 0 };
    let blocks = losses.len() as u64;
    // SAFETY: both arrays hold one element per block, `status` three, `mean` one.
    unsafe { launch!(device, &function, config; &blocks, losses, counted, status, &mut mean)? };
    Ok(CudaStorage::wrap_cuda_slice(mean, device.clone()))
}

/// From the gradient of the loss to that of the network's outputs.
struct Gradient {
    sized: Sized,
    kept: Kept,
    dtype: candle_core::DType,
}

impl CustomOp1 for Gradient {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        bail!("{NAME}: this form of the loss is the GPU's")
    }

    fn cuda_fwd(&self, upstream: &CudaStorage, layout: &Layout) -> Result<(CudaStorage, Shape)> {
        let (sized, kept) = (&self.sized, &self.kept);
        let (h, w) = sized.inner;
        let shape = (sized.images, sized.channels, h, w);
        let dv = with_element!(self.dtype, NAME, T => {
            on_gpu(NAME, &kept.corners, |corners| {
                on_gpu(NAME, &kept.status, |status| gradient::<T>(sized, corners, status, (upstream, layout)))
            })
        })?;
        Ok((dv, shape.into()))
    }
}

fn gradient<T: Element>(sized: &Sized, corners: Part, status: Part, upstream: Part) -> Result<CudaStorage> {
    let device = corners.0.device().clone();
    let (corners, status) = (view::<T::Arithmetic>(NAME, corners)?, view::<i64>(NAME, status)?);
    let upstream = view::<T::Arithmetic>(NAME, upstream)?;
    let count = sized.images * sized.channels * sized.inner.0 * sized.inner.1;
    let function = typed(&device, HEAD_LOSS, "head_loss_gradient", T::DTYPE)?;
    // SAFETY: the kernel writes every element.
    let mut dv = unsafe { device.alloc::<T>(count)? };
    // SAFETY: the arguments are those of `head_loss_gradient` in kernels/head_loss.cu, sized as the forward pass sized them.
    unsafe {
        launch!(device, &function, over(count); &sized.raw(), &(sized.images as i32), &corners, &status, &upstream,
            &mut dv)?;
    }
    Ok(CudaStorage::wrap_cuda_slice(dv, device))
}
