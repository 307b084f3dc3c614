//! Exchange of left and right.

use super::parallel::for_each_chunk;
use super::real::{read, with_real};
use crate::ops::layout::{as_map, channels_last};
use candle_core::{Device, Result, Tensor};

const NAME: &str = "mirror";
/// Rows that one task writes.
const ROWS: usize = 32;

/// `x` `[N, C, H, W]` with left and right exchanged.
pub(in crate::ops) fn mirror(x: &Tensor) -> Result<Tensor> {
    let x = channels_last(x)?;
    let (n, h, w, c) = x.dims4()?;
    let y = with_real!(x.dtype(), NAME, T => read(NAME, &x, |x: &[T]| {
        let mut y = vec![0 as T; x.len()];
        let (length, work) = ((w * c).max(1), x.len());
        for_each_chunk(&mut y, ROWS * length, work, |task, y| {
            let x = x[task * ROWS * length..].chunks_exact(length);
            for (y, x) in y.chunks_exact_mut(length).zip(x) {
                let pixels = y.chunks_exact_mut(c).zip(x.chunks_exact(c).rev());
                pixels.for_each(|(y, x)| y.copy_from_slice(x));
            }
        });
        Tensor::from_vec(y, (n, h, w, c), &Device::Cpu)
    }))?;
    as_map(&y)
}
