//! How patches are cut into blocks.

use super::patches::Patches;
use crate::ops::cpu::product::{PANEL, pieces};
use std::ops::Range;

/// Channels whose transforms a task may hold, and panels whose products.
pub(super) const CHANNELS: usize = 512;
pub(super) const GROUP: usize = 16;
/// Elements of transforms and products that a block may have, so that they stay in the second-level cache.
const ELEMENTS: usize = 192 * 1024;
/// Patches of a block, at least and at most: they share one reading of the weights, which come from further away.
const PATCHES: [usize; 2] = [56, 112];

/// The patches of each block of a convolution with so many channels that are read and written.
pub(super) fn blocks(patches: &Patches, [read, written]: [usize; 2]) -> Vec<Range<usize>> {
    let channels = read.min(CHANNELS) + written.next_multiple_of(PANEL).min(GROUP * PANEL);
    let fit = ELEMENTS / (patches.size.products() * channels);
    let largest = fit.clamp(PATCHES[0], PATCHES[1]);
    pieces(patches.count(), largest).map(|(start, count)| start..start + count).collect()
}

/// Pixels of each block, for [`Moments::new`](super::super::moments::Moments::new).
pub(in crate::ops::cpu) fn block_pixels(patches: &Patches, channels: [usize; 2]) -> Vec<usize> {
    let pixels = |block| patches.pixels(&patches.runs(block));
    blocks(patches, channels).into_iter().map(pixels).collect()
}
