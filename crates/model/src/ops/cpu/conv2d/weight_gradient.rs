//! The gradient of a convolution's weight: for each tap a product of results' gradients and pixels, summed over pixels.

use super::block::{Block, blocks};
use super::correlation::{Correlation, Tap};
use crate::ops::cpu::level::Level;
use crate::ops::cpu::memory::{Place, written};
use crate::ops::cpu::product::{Multiply, PANEL, Tile, pieces};
use crate::ops::cpu::{parallel, scratch};
use crate::ops::geometry::Conv2dShape;
use std::ops::Range;

/// Pixels of a block.
const BLOCK: usize = 128;
/// Tasks that are enough for the threads of a large machine.
const TASKS: usize = 16;

/// The gradient `[Co, Ci, Kh, Kw]` of the weight, from the input and the gradient of the result, channels last.
pub(super) fn weight_gradient<T: Multiply>(shape: &Conv2dShape, level: Level, x: &[T], dy: &[T]) -> Vec<T> {
    let correlation = Correlation::forward(shape);
    // A 1x1 convolution's sums of more channels fit into the cache.
    let band = if correlation.taps.len() == 1 { 128 } else { 64 };
    let work = Work {
        blocks: blocks(&correlation, BLOCK),
        taps: shape.taps(),
        correlation,
        shape,
        level,
        x,
        dy,
        inputs: shape.inputs,
        band,
    };
    work.run()
}

struct Work<'a, T> {
    shape: &'a Conv2dShape,
    correlation: Correlation,
    level: Level,
    x: &'a [T],
    dy: &'a [T],
    blocks: Vec<Block>,
    /// Columns of each tap's product.
    inputs: usize,
    /// Taps of the kernel.
    taps: usize,
    /// Channels of a task, of inputs and of outputs.
    band: usize,
}

/// Channels of a task.
struct Bands {
    outputs: Range<usize>,
    inputs: Range<usize>,
}

/// The buffers of a task.
struct Buffers<'a, T> {
    /// `[taps, outputs, panels * PANEL]`.
    sums: &'a mut [T],
    /// The results' gradients of a block, `[pixels, pitch(outputs)]`.
    left: &'a mut [T],
    /// The pixels that a tap reads, `[panels, pixels, PANEL]`.
    right: &'a mut [T],
}

impl<T: Multiply> Work<'_, T> {
    fn run(&self) -> Vec<T> {
        let (outputs, size) = (self.shape.outputs, self.shape.outputs * self.inputs * self.taps);
        let (across, down) = (self.inputs.div_ceil(self.band), outputs.div_ceil(self.band));
        // Where there are few channels the pixels are divided too. Their number must not depend on that of threads.
        let parts = TASKS.div_ceil(across * down).min(self.blocks.len().div_ceil(8)).max(1);
        let work = self.correlation.pixels() * size;
        let band = |i: usize, of: usize, all: usize| i * all / of..(i + 1) * all / of;
        // SAFETY: every task writes the whole gradient of its channels in its part; together they cover all.
        let sums = unsafe {
            written(parts * size, |place| {
                parallel::for_each(parts * across * down, work / 32, |task| {
                    let (part, task) = (task / (across * down), task % (across * down));
                    let bands = Bands {
                        outputs: band(task / across, down, outputs),
                        inputs: band(task % across, across, self.inputs),
                    };
                    let blocks = &self.blocks[band(part, parts, self.blocks.len())];
                    self.task(blocks, &bands, place.from(part * size));
                });
            })
        };
        if parts == 1 { sums } else { joined(&sums, size) }
    }

    /// The sums over some blocks, of some channels.
    ///
    /// # Safety
    /// `place` has room for the whole gradient, and nobody else uses that of these channels meanwhile.
    unsafe fn task(&self, blocks: &[Block], bands: &Bands, place: Place<T>) {
        let pixels = blocks.iter().map(Block::pixels).max().unwrap_or(0);
        let (outputs, width) = (bands.outputs.len(), bands.inputs.len().next_multiple_of(PANEL));
        let lengths = [self.taps * outputs * width, pixels * pitch(outputs), pixels * width];
        scratch::with(lengths.iter().sum(), |all: &mut [T]| {
            let (sums, all) = all.split_at_mut(lengths[0]);
            let (left, right) = all.split_at_mut(lengths[1]);
            sums.fill(T::zero());
            let mut buffers = Buffers { sums, left, right };
            for block in blocks {
                self.add_block(block, bands, &mut buffers);
            }
            // SAFETY: the caller promises the place of these channels.
            unsafe { self.write(bands, width, buffers.sums, place) };
        });
    }

    fn add_block(&self, block: &Block, bands: &Bands, buffers: &mut Buffers<'_, T>) {
        let whole = [block.rows.clone(), block.columns.clone()];
        let mut held = None;
        for &tap in &self.correlation.taps {
            let reached = [0, 1].map(|side| {
                let (reach, range) = (self.correlation.reach(tap, side), &whole[side]);
                reach.start.clamp(range.start, range.end)..reach.end.clamp(range.start, range.end)
            });
            let pixels = reached[0].len() * reached[1].len();
            if pixels == 0 {
                continue;
            }
            // Where a tap misses many pixels these are left out; where it misses few they count as zeros.
            let part = if 4 * pixels < 3 * block.pixels() { &reached } else { &whole };
            if held.as_ref() != Some(part) {
                self.copy_left(block, part, bands, buffers.left);
                held = Some(part.clone());
            }
            self.copy_right(block, part, tap, bands, buffers);
            self.multiply(tap, part[0].len() * part[1].len(), bands, buffers);
        }
    }

    /// The results' gradients of some pixels, side by side.
    fn copy_left(&self, block: &Block, [rows, columns]: &[Range<usize>; 2], bands: &Bands, left: &mut [T]) {
        let c = &self.correlation;
        let outputs = bands.outputs.len();
        let mut left = left.chunks_exact_mut(pitch(outputs));
        for row in rows.clone() {
            let line = (block.image * c.grid[0] + row) * c.grid[1];
            for column in columns.clone() {
                let from = (line + column) * self.shape.outputs;
                if let Some(left) = left.next() {
                    left[..outputs]
                        .copy_from_slice(&self.dy[from + bands.outputs.start..from + bands.outputs.end]);
                }
            }
        }
    }

    /// The pixels that a tap reads for these results, panel by panel; zeros where there is none.
    fn copy_right(
        &self,
        block: &Block,
        [rows, columns]: &[Range<usize>; 2],
        tap: Tap,
        bands: &Bands,
        buffers: &mut Buffers<'_, T>,
    ) {
        let c = &self.correlation;
        let pixels = rows.len() * columns.len();
        let mut at = 0;
        for row in rows.clone() {
            let y = (row * c.step).checked_add_signed(tap.offset[0]).filter(|&y| y < c.source[0]);
            for column in columns.clone() {
                let x = (column * c.step).checked_add_signed(tap.offset[1]).filter(|&x| x < c.source[1]);
                let values = match (y, x) {
                    (Some(y), Some(x)) => Some(
                        &self.x[((block.image * c.source[0] + y) * c.source[1] + x) * self.inputs..]
                            [..self.inputs],
                    ),
                    _ => None,
                };
                spread(values.map(|v| &v[bands.inputs.clone()]), buffers.right, pixels, at);
                at += 1;
            }
        }
    }

    /// Adds the product of one tap.
    fn multiply(&self, tap: Tap, pixels: usize, bands: &Bands, buffers: &mut Buffers<'_, T>) {
        let outputs = bands.outputs.len();
        let width = bands.inputs.len().next_multiple_of(PANEL);
        let sums = &mut buffers.sums[tap.index * outputs * width..][..outputs * width];
        for (panel, right) in buffers.right.chunks_exact(pixels * PANEL).take(width / PANEL).enumerate() {
            for (row, rows) in pieces(outputs, T::rows(self.level)) {
                let left = &buffers.left[row..][..(pixels - 1) * pitch(outputs) + rows];
                let sums = &mut sums[row * width + panel * PANEL..][..(rows - 1) * width + PANEL];
                let tile = Tile {
                    rows,
                    columns: (bands.inputs.len() - panel * PANEL).min(PANEL),
                    depth: pixels,
                    a: left.as_ptr(),
                    a_row: 1,
                    a_step: pitch(outputs),
                    b: right.as_ptr(),
                    c: sums.as_mut_ptr(),
                    c_row: width,
                    add: true,
                };
                // SAFETY: the level was detected; the slices hold `rows` channels of each pixel, a panel's row for each
                // pixel, and `rows` rows of sums.
                unsafe { T::run(self.level, &tile) };
            }
        }
    }

    /// Writes finished sums in the order of the weight.
    ///
    /// # Safety
    /// As [`Work::task`].
    unsafe fn write(&self, bands: &Bands, width: usize, sums: &[T], place: Place<T>) {
        let (outputs, taps) = (bands.outputs.len(), self.taps);
        for row in 0..outputs {
            for column in 0..bands.inputs.len() {
                let to = ((bands.outputs.start + row) * self.inputs + bands.inputs.start + column) * taps;
                for tap in 0..taps {
                    let sum = sums[(tap * outputs + row) * width + column];
                    // SAFETY: the caller promises the place of these channels.
                    unsafe { place.at(to + tap).write(sum) };
                }
            }
        }
    }
}

/// From one pixel's gradients to the next: an odd number of cache lines, so that a column of them is spread over the sets
/// of the cache.
fn pitch(outputs: usize) -> usize {
    (outputs.div_ceil(16) | 1) * 16
}

/// Copies one pixel's channels to the panels.
fn spread<T: Multiply>(values: Option<&[T]>, panels: &mut [T], pixels: usize, pixel: usize) {
    match values {
        Some(values) => {
            for (part, panel) in values.chunks(PANEL).zip(panels.chunks_exact_mut(pixels * PANEL)) {
                panel[pixel * PANEL..][..part.len()].copy_from_slice(part);
            }
        }
        None => {
            for panel in panels.chunks_exact_mut(pixels * PANEL) {
                panel[pixel * PANEL..][..PANEL].fill(T::zero());
            }
        }
    }
}

/// The sum of several gradients of the same length, one after the other in `parts`.
fn joined<T: Multiply>(parts: &[T], size: usize) -> Vec<T> {
    let mut sum = parts[..size].to_vec();
    parallel::for_each_chunk(&mut sum, 1 << 12, parts.len(), |i, sum| {
        for part in parts[size..].chunks_exact(size) {
            for (sum, &value) in sum.iter_mut().zip(&part[i << 12..]) {
                *sum += value;
            }
        }
    });
    sum
}
