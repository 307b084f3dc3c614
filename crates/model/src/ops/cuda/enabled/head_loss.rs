//! The loss of a batch and its gradient, with the upsampling and the background logit inside.

use super::download;
use super::head::{RawHead, Sized, check_status};
use super::kernel::{HEAD_LOSS, Module, PIXEL_LOSS, launch, over, over_tiles, tile_stride, typed};
use super::view::{Element, Operand, map, tensor, with_element};
use crate::ops::head::{Loss, Readout, VoidRule};
use crate::ops::layout::channels_last;
use candle_core::cuda_backend::CudaDevice;
use candle_core::cuda_backend::cudarc::driver::{CudaSlice, CudaView, LaunchConfig};
use candle_core::{DType, Result, Tensor};

/// Cells, and so warps, of a block.
const CELLS: usize = 8;
/// Threads of the one block that adds the blocks' losses.
const ADDERS: u32 = 1024;

/// The loss, a scalar (f32 where `v` is bf16), and the gradient of `v` `[N, C, h, w]`. Waits for the result, to report
/// labels that are no class.
pub(in crate::ops) fn loss_and_gradient(
    name: &str,
    v: &Tensor,
    label: &Tensor,
    readout: Readout,
    loss: Loss,
    void: VoidRule,
) -> Result<(Tensor, Tensor)> {
    let (_, height, width) = label.dims3()?;
    if v.elem_count() == 0 {
        let dtype = if v.dtype() == DType::BF16 { DType::F32 } else { v.dtype() };
        return Ok((Tensor::zeros((), dtype, v.device())?, v.zeros_like()?));
    }
    let sized = Sized::new(name, readout, v, (height, width))?;
    let (v, label) = (channels_last(v)?, label.contiguous()?);
    let dtype = v.dtype();
    let (v, label) = (Operand::new(name, &v)?, Operand::new(name, &label)?);
    let (device, label, raw) = (v.device()?, label.view::<u8>()?, sized.raw_for(loss, void));
    with_element!(dtype, name, T => {
        let pass = Pass { name, device: &device, sized, raw, weight: sized.channel_weight(loss), label };
        let v = v.view::<T>()?;
        if sized.are_logits() { of_logits::<T>(&pass, &v) } else { of_outputs::<T>(&pass, &v) }
    })
}

/// What the kernels are told beside the outputs.
struct Pass<'a, A> {
    /// The operator's name in messages.
    name: &'a str,
    device: &'a CudaDevice,
    sized: Sized,
    raw: RawHead,
    /// Weight of a channel's loss.
    weight: A,
    label: CudaView<'a, u8>,
}

impl<A> Pass<'_, A> {
    fn v_shape(&self) -> [usize; 4] {
        [self.sized.images, self.sized.channels, self.sized.inner.0, self.sized.inner.1]
    }
}

/// From outputs between which the pixels lie.
fn of_outputs<T: Element>(pass: &Pass<'_, T::Arithmetic>, v: &CudaView<'_, T>) -> Result<(Tensor, Tensor)> {
    let Pass { name, device, sized, raw, weight, label } = pass;
    let cells = sized.images * sized.inner.0 * sized.inner.1;
    let per_lane = match sized.channels.div_ceil(32) {
        1 => 1,
        2 => 2,
        _ => 8,
    };
    let function = typed(device, HEAD_LOSS, &format!("head_loss_{per_lane}"), T::DTYPE)?;
    let mut sums = Sums::new(name, device, cells.div_ceil(CELLS))?;
    // SAFETY: the kernel writes all corners of all cells before anything reads them.
    let mut corners = unsafe { device.alloc::<T::Arithmetic>(cells * 4 * sized.channels)? };
    let (images, (rows, columns)) = (sized.images as i32, sized.scales::<T>());
    let config = sums.config(32 * CELLS as u32);
    let Sums { losses, counted, status, .. } = &mut sums;
    // SAFETY: the arguments are those of `head_loss` in kernels/head_loss.cu, sized as it says.
    unsafe {
        launch!(device, &function, config; raw, &images, &rows, &columns, weight, v, label, &mut corners, losses,
            counted, status)?;
    }
    let loss = sums.mean::<T>(device, HEAD_LOSS, "head_loss_mean", sized)?;
    let function = typed(device, HEAD_LOSS, "head_loss_gradient", T::DTYPE)?;
    let count = cells * sized.channels;
    // SAFETY: the kernel writes every element before anything reads it.
    let mut dv = unsafe { device.alloc::<T>(count)? };
    // SAFETY: the arguments are those of `head_loss_gradient` in kernels/head_loss.cu, sized as those of the first kernel.
    unsafe { launch!(device, &function, over(count); raw, &images, &corners, &sums.status, &mut dv)? };
    Ok((loss, map(dv, pass.v_shape(), device)?))
}

/// From logits of the pixels themselves.
fn of_logits<T: Element>(pass: &Pass<'_, T::Arithmetic>, z: &CudaView<'_, T>) -> Result<(Tensor, Tensor)> {
    let Pass { name, device, sized, raw, weight, label } = pass;
    let function = typed(device, PIXEL_LOSS, "pixel_loss", T::DTYPE)?;
    let bytes = tile_stride(sized.channels) * size_of::<T::Arithmetic>();
    let (config, tile) = over_tiles(sized.pixels(), bytes);
    let mut sums = Sums::new(name, device, config.grid_dim.0 as usize)?;
    let (count, pixels) = (sized.pixels() * sized.channels, sized.pixels() as u64);
    // SAFETY: the kernels write every element before anything reads them.
    let (mut gradient, mut dz) =
        unsafe { (device.alloc::<T::Arithmetic>(count)?, device.alloc::<T>(count)?) };
    let Sums { losses, counted, status, .. } = &mut sums;
    // SAFETY: the arguments are those of `pixel_loss` in kernels/pixel_loss.cu, sized as it says; the shared memory has room
    // for `tile` pixels.
    unsafe {
        launch!(device, &function, config; raw, &tile, &pixels, weight, z, label, &mut gradient, losses, counted,
            status)?;
    }
    let loss = sums.mean::<T>(device, PIXEL_LOSS, "pixel_loss_mean", sized)?;
    let function = typed(device, PIXEL_LOSS, "pixel_loss_gradient", T::DTYPE)?;
    // SAFETY: `gradient` and `dz` hold `count` elements, `status` three.
    unsafe { launch!(device, &function, over(count); &(count as u64), &gradient, &sums.status, &mut dz)? };
    Ok((loss, map(dz, pass.v_shape(), device)?))
}

/// What the blocks of the first kernel find.
struct Sums<'a> {
    /// The operator's name in messages.
    name: &'a str,
    /// The sum of the losses of a block's pixels, and how many they are.
    losses: CudaSlice<f64>,
    counted: CudaSlice<u32>,
    /// Counted pixels, labels that are no class, the largest of these.
    status: CudaSlice<i64>,
}

impl<'a> Sums<'a> {
    fn new(name: &'a str, device: &CudaDevice, blocks: usize) -> Result<Sums<'a>> {
        // SAFETY: the kernel writes a loss and a count for every block before anything reads them.
        let (losses, counted) = unsafe { (device.alloc(blocks)?, device.alloc(blocks)?) };
        Ok(Sums { name, losses, counted, status: device.alloc_zeros(3)? })
    }

    /// A launch of as many blocks.
    fn config(&self, threads: u32) -> LaunchConfig {
        let blocks = self.losses.len() as u32;
        LaunchConfig { grid_dim: (blocks, 1, 1), block_dim: (threads, 1, 1), shared_mem_bytes: 0 }
    }

    /// The mean loss over the counted pixels, whose number goes to the status.
    fn mean<T: Element>(
        &mut self,
        device: &CudaDevice,
        module: Module,
        kernel: &str,
        sized: &Sized,
    ) -> Result<Tensor> {
        let function = typed(device, module, kernel, T::DTYPE)?;
        // SAFETY: the kernel writes the one element before anything reads it.
        let mut mean = unsafe { device.alloc::<T::Arithmetic>(1)? };
        let config = LaunchConfig { grid_dim: (1, 1, 1), block_dim: (ADDERS, 1, 1), shared_mem_bytes: 0 };
        let blocks = self.losses.len() as u64;
        // SAFETY: losses and counts hold one element per block, the status three, `mean` one.
        unsafe {
            launch!(device, &function, config; &blocks, &self.losses, &self.counted, &mut self.status, &mut mean)?;
        }
        check_status(self.name, sized.classes(), &download::counts(device, &self.status)?)?;
        Ok(tensor(mean, (), device))
    }
}
