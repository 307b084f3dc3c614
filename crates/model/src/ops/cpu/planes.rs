//! The planes of a map whose channels are last.

use super::memory::{Place, written};
use super::parallel::for_each;
use super::real::{Real, read};
use super::tiles::{self, TILE};
use crate::ops::layout::channels_last;
use candle_core::{Result, Tensor};

/// Pixels handled by one task.
const BLOCK: usize = 1024;

/// The numbers of `x` `[N, C, H, W]`, plane after plane.
pub(in crate::ops) fn planes<T: Real>(x: &Tensor) -> Result<Vec<T>> {
    let x = channels_last(x)?;
    let (n, h, w, c) = x.dims4()?;
    let area = h * w;
    let blocks = area.div_ceil(BLOCK);
    read("planes", &x, |x: &[T]| {
        let fill = |planes: Place<T>| {
            for_each(n * blocks, x.len(), |task| {
                let (image, start) = (task / blocks, task % blocks * BLOCK);
                let mut tile = tiles::zeros::<T>(c);
                for first in (start..(start + BLOCK).min(area)).step_by(TILE) {
                    let count = TILE.min(area - first);
                    tiles::load(&x[(image * area + first) * c..][..count * c], c, &mut tile);
                    for (channel, row) in tile.iter().enumerate() {
                        let at = planes.at((image * c + channel) * area + first);
                        // SAFETY: pixels `first..first + count` of this plane lie in the vector of `x.len()` numbers, and
                        // no other task or turn has them: tasks have their own blocks of pixels, turns their own tiles.
                        unsafe { at.copy_from_nonoverlapping(row.as_ptr(), count) };
                    }
                }
            });
        };
        // SAFETY: the blocks of all images, cut into tiles, cover all pixels, and each tile writes all its channels.
        Ok(unsafe { written(x.len(), fill) })
    })
}
