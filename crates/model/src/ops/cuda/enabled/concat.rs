//! Maps joined along their channels.

use super::kernel::{CONCAT, launch, over_pixels, typed};
use super::view::{Element, Operand, map, with_element};
use crate::ops::layout::channels_last;
use candle_core::cuda_backend::CudaDevice;
use candle_core::cuda_backend::cudarc::driver::{CudaView, CudaViewMut};
use candle_core::{Result, Tensor, bail};

const NAME: &str = "concat";

/// Maps of one size and type as one.
pub(in crate::ops) fn forward(maps: &[&Tensor]) -> Result<Tensor> {
    let Some(first) = maps.first() else { bail!("{NAME}: expected at least one map") };
    let (n, _, h, w) = first.dims4()?;
    let channels = maps.iter().map(|map| map.dim(1)).sum::<Result<usize>>()?;
    let maps = maps.iter().map(|map| channels_last(map)).collect::<Result<Vec<_>>>()?;
    let operands = maps.iter().map(|map| Operand::new(NAME, map)).collect::<Result<Vec<_>>>()?;
    let device = operands[0].device()?;
    with_element!(first.dtype(), NAME, T => {
        // SAFETY: the copies write every channel of every pixel before anything reads them.
        let mut joined = unsafe { device.alloc::<T>(n * h * w * channels)? };
        let mut begin = 0;
        for (from, map) in operands.iter().zip(&maps) {
            let count = map.dim(3)?;
            let sizes = Copy { pixels: n * h * w, count, from: count, to: channels };
            sizes.run(&device, &from.view::<T>()?, &mut joined.slice_mut(begin..))?;
            begin += count;
        }
        map(joined, [n, channels, h, w], &device)
    })
}

/// The gradients of maps of so many channels.
pub(in crate::ops) fn backward(dy: &Tensor, channels: &[usize]) -> Result<Vec<Tensor>> {
    let (n, all, h, w) = dy.dims4()?;
    let dy = channels_last(dy)?;
    let dtype = dy.dtype();
    let dy = Operand::new(NAME, &dy)?;
    let device = dy.device()?;
    let mut begin = 0;
    let part = |&count: &usize| {
        with_element!(dtype, NAME, T => {
            // SAFETY: the copy writes every element before anything reads it.
            let mut part = unsafe { device.alloc::<T>(n * h * w * count)? };
            let sizes = Copy { pixels: n * h * w, count, from: all, to: count };
            sizes.run(&device, &dy.view::<T>()?.slice(begin..), &mut part.slice_mut(..))?;
            begin += count;
            map(part, [n, count, h, w], &device)
        })
    };
    channels.iter().map(part).collect()
}

/// A copy of the first `count` channels of each pixel.
struct Copy {
    pixels: usize,
    count: usize,
    /// Values from pixel to pixel.
    from: usize,
    to: usize,
}

impl Copy {
    fn run<T: Element>(
        &self,
        device: &CudaDevice,
        from: &CudaView<'_, T>,
        to: &mut CudaViewMut<'_, T>,
    ) -> Result<()> {
        if self.pixels * self.count == 0 {
            return Ok(());
        }
        let last = self.pixels - 1;
        if from.len() < last * self.from + self.count || to.len() < last * self.to + self.count {
            bail!("{NAME}: {} and {} values are too few for what is copied", from.len(), to.len());
        }
        let function = typed(device, CONCAT, "copy_channels", T::DTYPE)?;
        let config = over_pixels(self.pixels, self.count, T::DTYPE);
        let [count, from_step, to_step] = [self.count, self.from, self.to].map(|v| v as u32);
        // SAFETY: both views hold elements of the kernel's type up to the last that is copied, as was just checked.
        unsafe {
            launch!(device, &function, config; &(self.pixels as u64), &count, &from_step, &to_step, from, to)
        }
    }
}
