//! Dropout.

use super::kernel::{DROPOUT, launch, over, typed};
use super::view::{Operand, map, with_element};
use crate::ops::dropout::Draws;
use crate::ops::layout::channels_last;
use candle_core::cuda_backend::cudarc::driver::DeviceRepr;
use candle_core::{Result, Tensor};

const NAME: &str = "dropout";
/// Words of a block of the generator.
const BLOCK_WORDS: u64 = 16;

/// `Draws` of the kernel.
#[derive(Clone, Copy)]
#[repr(C)]
struct RawDraws {
    key: [u32; 8],
    stream: u64,
    first: u64,
    p: f32,
    scale: f32,
}

// SAFETY: plain numbers, laid out as the kernel's struct.
unsafe impl DeviceRepr for RawDraws {}

/// `x` `[N, C, H, W]` with some values set to 0 and the others scaled.
pub(in crate::ops) fn dropout(x: &Tensor, draws: &Draws) -> Result<Tensor> {
    let (n, c, h, w) = x.dims4()?;
    let x = channels_last(x)?;
    let dtype = x.dtype();
    let x = Operand::new(NAME, &x)?;
    let device = x.device()?;
    let function = typed(&device, DROPOUT, NAME, dtype)?;
    let mut key = [0; 8];
    for (word, bytes) in key.iter_mut().zip(draws.seed.as_chunks().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    let Draws { stream, first, p, .. } = *draws;
    let raw = RawDraws { key, stream, first, p, scale: draws.scale() };
    let count = (n * c * h * w) as u64;
    // A thread takes the words of one block.
    let blocks = (first + count).div_ceil(BLOCK_WORDS) - first / BLOCK_WORDS;
    let (plane, channels) = ((h * w) as u64, c as u64);
    with_element!(dtype, NAME, T => {
        let x = x.view::<T>()?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut y = unsafe { device.alloc::<T>(count as usize)? };
        // SAFETY: both hold `count` elements of the kernel's type, in maps of `plane` pixels of `channels` elements.
        unsafe { launch!(device, &function, over(blocks as usize); &raw, &count, &channels, &plane, &x, &mut y)? };
        map(y, [n, c, h, w], &device)
    })
}
