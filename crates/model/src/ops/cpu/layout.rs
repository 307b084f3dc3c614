//! Copies of maps from one order in memory to the other.

use super::memory::{Place, written};
use super::parallel::for_each;
use super::real::Real;
use super::tiles::{self, TILE};

/// Pixels handled by one task.
const BLOCK: usize = 1024;

/// From `[N, area, C]`, channels last, to `[N, C, area]`, planes one after another.
pub(in crate::ops) fn planes<T: Real>(pixels: &[T], [images, channels, area]: [usize; 3]) -> Vec<T> {
    let fill = |planes: Place<T>| {
        for_each_block([images, channels, area], |image, block| {
            let mut tile = tiles::zeros(channels);
            for first in block.clone().step_by(TILE) {
                let count = TILE.min(block.end - first);
                let pixels = &pixels[(image * area + first) * channels..][..count * channels];
                tiles::load(pixels, channels, &mut tile);
                for (channel, row) in tile.iter().enumerate() {
                    let at = planes.at((image * channels + channel) * area + first);
                    // SAFETY: pixels `first..first + count` of this plane lie in the vector, and belong to this tile of this
                    // task alone.
                    unsafe { at.copy_from_nonoverlapping(row.as_ptr(), count) };
                }
            }
        });
    };
    // SAFETY: the blocks, cut into tiles, cover all pixels of all images, and a tile writes all channels of its pixels.
    unsafe { written(images * channels * area, fill) }
}

/// From `[N, C, area]`, planes one after another, to `[N, area, C]`, channels last.
pub(in crate::ops) fn pixels<T: Real>(planes: &[T], [images, channels, area]: [usize; 3]) -> Vec<T> {
    let fill = |pixels: Place<T>| {
        for_each_block([images, channels, area], |image, block| {
            let mut tile = tiles::zeros(channels);
            let mut turned = vec![T::zero(); TILE * channels];
            for first in block.clone().step_by(TILE) {
                let count = TILE.min(block.end - first);
                for (channel, row) in tile.iter_mut().enumerate() {
                    let plane = &planes[(image * channels + channel) * area..][..area];
                    row[..count].copy_from_slice(&plane[first..][..count]);
                }
                let turned = &mut turned[..count * channels];
                tiles::store(&tile, channels, turned);
                let at = pixels.at((image * area + first) * channels);
                // SAFETY: pixels `first..first + count` of this image lie in the vector, and belong to this tile of this task
                // alone.
                unsafe { at.copy_from_nonoverlapping(turned.as_ptr(), turned.len()) };
            }
        });
    };
    // SAFETY: the blocks, cut into tiles, cover all pixels of all images, and a tile writes all channels of its pixels.
    unsafe { written(images * channels * area, fill) }
}

/// Calls `task(image, pixels)` for blocks of pixels that cover all images.
fn for_each_block([images, channels, area]: [usize; 3], task: impl Fn(usize, std::ops::Range<usize>) + Sync) {
    let blocks = area.div_ceil(BLOCK);
    for_each(images * blocks, images * channels * area, |i| {
        let start = i % blocks * BLOCK;
        task(i / blocks, start..(start + BLOCK).min(area));
    });
}
