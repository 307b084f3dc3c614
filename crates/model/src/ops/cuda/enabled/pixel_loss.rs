//! Losses of full-size logits, and the class of each pixel.

use super::head::{Background, Head, Sized, check_status};
use super::head_loss::mean;
use super::kernel::{BLOCK, PIXEL_LOSS, launch, over, typed};
use super::view::{Element, Part, dtype, on_gpu, tensor, view, with_element};
use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::CudaStorage;
use candle_core::cuda_backend::cudarc::driver::LaunchConfig;
use candle_core::{CpuStorage, CustomOp1, DType, Layout, Result, Shape, Tensor, bail};
use std::sync::OnceLock;

/// Mean loss over counted pixels of `z` `[N, K, H, W]`, whose shape fits `label` `[N, H, W]`.
pub(in crate::ops) fn mean_over_pixels(
    name: &'static str,
    z: &Tensor,
    label: &Tensor,
    head: Head,
) -> Result<Tensor> {
    debug_assert_eq!(head.background, Background::Explicit, "full-size logits hold their background");
    let (_, _, height, width) = z.dims4()?;
    let sized = Sized::new(name, head, z, (height, width))?;
    let op = PixelLoss { name, sized, label: label.contiguous()?, kept: OnceLock::new() };
    z.contiguous()?.apply_op1(op)
}

struct PixelLoss {
    name: &'static str,
    sized: Sized,
    label: Tensor,
    kept: OnceLock<Kept>,
}

/// Gradient of the sum, and the number of counted pixels.
#[derive(Clone)]
struct Kept {
    gradient: Tensor,
    status: Tensor,
}

impl CustomOp1 for PixelLoss {
    fn name(&self) -> &'static str {
        self.name
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        bail!("{}: this form of the loss is the GPU's", self.name)
    }

    fn cuda_fwd(&self, z: &CudaStorage, layout: &Layout) -> Result<(CudaStorage, Shape)> {
        let (loss, kept) = with_element!(dtype(z), self.name, T => {
            on_gpu(self.name, &self.label, |label| self.forward::<T>((z, layout), label))
        })?;
        // The operator object runs once; a second run would find the same.
        let _ = self.kept.set(kept);
        Ok((loss, ().into()))
    }

    fn bwd(&self, z: &Tensor, _loss: &Tensor, upstream: &Tensor) -> Result<Option<Tensor>> {
        let Some(kept) = self.kept.get() else { bail!("{}: the forward pass did not run", self.name) };
        let scale = Scale { name: self.name, kept: kept.clone(), dtype: z.dtype(), shape: z.shape().clone() };
        Ok(Some(upstream.apply_op1_no_bwd(&scale)?))
    }
}

impl PixelLoss {
    fn forward<T: Element>(&self, z: Part<'_>, label: Part<'_>) -> Result<(CudaStorage, Kept)> {
        let (device, shape, sized) = (z.0.device().clone(), z.1.shape().clone(), &self.sized);
        let (z, label) = (view::<T>(self.name, z)?, view::<u8>(self.name, label)?);
        let blocks = (sized.images * sized.pixels()).div_ceil(BLOCK as usize);
        let function = typed(&device, PIXEL_LOSS, "pixel_loss", T::DTYPE)?;
        let config =
            LaunchConfig { grid_dim: (blocks as u32, 1, 1), block_dim: (BLOCK, 1, 1), shared_mem_bytes: 0 };
        // SAFETY: the kernel writes a gradient for every logit, and a loss and a count for every block.
        let (mut gradient, mut losses, mut counted) = unsafe {
            let gradient = device.alloc::<T::Arithmetic>(shape.elem_count())?;
            (gradient, device.alloc::<f64>(blocks)?, device.alloc::<u32>(blocks)?)
        };
        let mut status = device.alloc_zeros::<i64>(3)?;
        let weight: T::Arithmetic = sized.channel_weight();
        // SAFETY: the arguments are those of `pixel_loss` in kernels/pixel_loss.cu, sized as it says.
        unsafe {
            launch!(device, &function, config; &sized.raw(), &(sized.images as i32), &weight, &z, &label, &mut gradient,
                &mut losses, &mut counted, &mut status)?;
        }
        let mean = mean::<T>(&device, PIXEL_LOSS, "pixel_loss_mean", (&losses, &counted, &mut status))?;
        let found: Vec<u64> = device.clone_dtoh(&status)?.into_iter().map(|n| n as u64).collect();
        check_status(self.name, sized.classes(), &found)?;
        let gradient = tensor(gradient, shape, &device);
        let status = tensor(status, 3, &device);
        Ok((mean, Kept { gradient, status }))
    }
}

/// Scales the kept gradient by that of the loss.
struct Scale {
    name: &'static str,
    kept: Kept,
    dtype: DType,
    shape: Shape,
}

impl CustomOp1 for Scale {
    fn name(&self) -> &'static str {
        self.name
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        bail!("{}: this form of the loss is the GPU's", self.name)
    }

    fn cuda_fwd(&self, upstream: &CudaStorage, layout: &Layout) -> Result<(CudaStorage, Shape)> {
        let dz = with_element!(self.dtype, self.name, T => {
            on_gpu(self.name, &self.kept.gradient, |gradient| {
                on_gpu(self.name, &self.kept.status, |status| self.run::<T>(gradient, status, (upstream, layout)))
            })
        })?;
        Ok((dz, self.shape.clone()))
    }
}

impl Scale {
    fn run<T: Element>(
        &self,
        gradient: Part<'_>,
        status: Part<'_>,
        upstream: Part<'_>,
    ) -> Result<CudaStorage> {
        let device = gradient.0.device().clone();
        let count = self.shape.elem_count();
        let gradient = view::<T::Arithmetic>(self.name, gradient)?;
        let (status, upstream) =
            (view::<i64>(self.name, status)?, view::<T::Arithmetic>(self.name, upstream)?);
        let function = typed(&device, PIXEL_LOSS, "pixel_loss_gradient", T::DTYPE)?;
        // SAFETY: the kernel writes every element.
        let mut dz = unsafe { device.alloc::<T>(count)? };
        // SAFETY: `gradient` and `dz` hold `count` elements, `status` three, `upstream` one.
        unsafe {
            launch!(device, &function, over(count); &(count as u64), &gradient, &status, &upstream, &mut dz)?;
        }
        Ok(CudaStorage::wrap_cuda_slice(dz, device))
    }
}

/// Index of the largest channel of `z` `[N, K, H, W]` for every pixel, on the host.
pub(in crate::ops) fn argmax(name: &str, z: &Tensor) -> Result<Vec<u8>> {
    let (images, channels, height, width) = z.dims4()?;
    let (pixels, z) = (height * width, z.contiguous()?);
    on_gpu(name, &z, |z| {
        let device = z.0.device().clone();
        let function = typed(&device, PIXEL_LOSS, "argmax", dtype(z.0))?;
        let count = images * pixels;
        // SAFETY: the kernel writes every element.
        let mut classes = unsafe { device.alloc::<u8>(count)? };
        with_element!(dtype(z.0), name, T => {
            let z = view::<T>(name, z)?;
            // SAFETY: `z` holds `channels` planes of `pixels` for each of `images`, `classes` one plane.
            unsafe {
                launch!(device, &function, over(count); &(images as i32), &(channels as i32), &(pixels as u64), &z,
                    &mut classes)?;
            }
        });
        device.clone_dtoh(&classes)
    })
}
