//! The predicted class of each pixel.

use super::parallel::for_each_chunk;
use super::real::{read, with_real};
use super::resized::Resized;
use super::tiles::{self, TILE};
use crate::ops::head::Readout;
use crate::ops::layout::channels_last;
use candle_core::{Result, Tensor};

const NAME: &str = "classes";
/// Pixels that are worth a task of their own.
const TASK_PIXELS: usize = 4096;
/// Rough cost of one channel of one pixel.
const NANOSECONDS: usize = 1;

/// The class with the largest logit for every pixel of outputs `v` `[N, C, h, w]` at `size`.
pub(in crate::ops) fn classes(
    v: &Tensor,
    (height, width): (usize, usize),
    readout: Readout,
) -> Result<Vec<u8>> {
    let _operator = tracing::trace_span!("classes").entered();
    let (n, c, h, w) = v.dims4()?;
    let v = channels_last(v)?;
    with_real!(v.dtype(), NAME, T => read(NAME, &v, |v: &[T]| {
        let resized = Resized::new(v, &[n, c, h, w], [height, width], readout);
        let mut classes = vec![0; n * height * width];
        let work = classes.len() * resized.classes() * NANOSECONDS;
        let rows = TASK_PIXELS.div_ceil(width.max(1));
        for_each_chunk(&mut classes, (rows * width).max(1), work, |task, classes| {
            let (mut reader, mut z) = (resized.reader(), tiles::zeros(resized.classes()));
            for (row, classes) in classes.chunks_mut(width).enumerate() {
                let row = task * rows + row;
                reader.turn_to(row / height, row % height);
                for (tile, classes) in classes.chunks_mut(TILE).enumerate() {
                    reader.logits(tile * TILE, &mut z);
                    let mut winner = [0 as T; TILE];
                    tiles::largest(&z, &mut winner, &mut [0 as T; TILE]);
                    classes.iter_mut().zip(winner).for_each(|(class, winner)| *class = winner as u8);
                }
            }
        });
        Ok(classes)
    }))
}
