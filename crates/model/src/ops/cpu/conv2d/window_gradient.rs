//! The gradient of the weight of a convolution of few channels.

use super::block::{BLOCK, Block, blocks};
use super::correlation::Correlation;
use super::window::Window;
use crate::ops::cpu::level::Level;
use crate::ops::cpu::memory::{Place, written};
use crate::ops::cpu::product::{Multiply, PANEL, Tile, pieces};
use crate::ops::cpu::{parallel, scratch};
use crate::ops::geometry::Conv2dShape;

/// Parts into which the pixels are divided at most. It must not depend on the number of threads.
const PARTS: usize = 16;

/// The gradient `[Co, Ci, Kh, Kw]` of the weight, from the input and the gradient of the result, channels last.
///
/// The left sides of the products are the windows of blocks of results, and the right sides the results' gradients.
pub(super) fn weight_gradient<T: Multiply>(shape: &Conv2dShape, level: Level, x: &[T], dy: &[T]) -> Vec<T> {
    let blocks = blocks(&Correlation::grid(shape), BLOCK);
    let rows = shape.taps() * shape.inputs;
    let width = shape.outputs.next_multiple_of(PANEL);
    let parts = PARTS.min(blocks.len()).max(1);
    let task = Task { shape, level, x, dy, width };
    let work = blocks.iter().map(Block::pixels).sum::<usize>() * rows * width;
    // SAFETY: each part writes all of its sums.
    let sums = unsafe {
        written(parts * rows * width, |place: Place<T>| {
            parallel::for_each(parts, work / 32, |part| {
                let blocks = &blocks[part * blocks.len() / parts..(part + 1) * blocks.len() / parts];
                task.run(blocks, place.from(part * rows * width), rows);
            });
        })
    };
    let (ci, taps) = (shape.inputs, shape.taps());
    let total = |o: usize, row: usize| {
        let mut sum = T::zero();
        for part in sums.chunks_exact(rows * width) {
            sum += part[row * width + o];
        }
        sum
    };
    let at = |i: usize| total(i / (ci * taps), i % taps * ci + i / taps % ci);
    (0..shape.outputs * ci * taps).map(at).collect()
}

struct Task<'a, T> {
    shape: &'a Conv2dShape,
    level: Level,
    x: &'a [T],
    dy: &'a [T],
    /// Channels of the result, rounded up to whole panels.
    width: usize,
}

impl<T: Multiply> Task<'_, T> {
    /// Writes the sums over some blocks, `[taps * Ci, width]`.
    ///
    /// # Safety
    /// `place` has room for them, and nobody else uses it meanwhile.
    unsafe fn run(&self, blocks: &[Block], place: Place<T>, rows: usize) {
        let longest = blocks.iter().map(Block::pixels).max().unwrap_or(0);
        let window = blocks.iter().map(|block| Window::new(self.shape, block).len()).max().unwrap_or(0);
        let size = rows * self.width;
        scratch::with(size + window + longest * self.width, |buffer: &mut [T]| {
            let (sums, buffer) = buffer.split_at_mut(size);
            let (window, right) = buffer.split_at_mut(window);
            sums.fill(T::zero());
            for block in blocks {
                let sizes = Window::new(self.shape, block);
                sizes.copy(self.shape, self.x, block, &mut window[..sizes.len()]);
                self.copy_right(block, right);
                self.add(block, &sizes, window, right, sums);
            }
            // SAFETY: the caller promises the room.
            unsafe { std::ptr::copy_nonoverlapping(sums.as_ptr(), place.at(0), size) };
        });
    }

    /// The results' gradients of a block, panel by panel.
    fn copy_right(&self, block: &Block, right: &mut [T]) {
        let (outputs, [_, grid_width]) = (self.shape.outputs, self.shape.out);
        let pixels = block.pixels();
        let mut pixel = 0;
        for row in block.rows.clone() {
            let first = (block.image * self.shape.out[0] + row) * grid_width;
            for column in block.columns.clone() {
                let values = &self.dy[(first + column) * outputs..][..outputs];
                for (part, panel) in values.chunks(PANEL).zip(right.chunks_exact_mut(pixels * PANEL)) {
                    panel[pixel * PANEL..][..part.len()].copy_from_slice(part);
                }
                pixel += 1;
            }
        }
    }

    /// Adds the products of a block.
    fn add(&self, block: &Block, sizes: &Window, window: &[T], right: &[T], sums: &mut [T]) {
        let (width, columns) = (self.width, block.columns.len());
        for (panel, right) in right.chunks_exact(block.pixels() * PANEL).take(width / PANEL).enumerate() {
            for tap_row in 0..self.shape.kernel[0] {
                for (start, rows) in pieces(sizes.depth, T::rows(self.level)) {
                    let to = (tap_row * sizes.depth + start) * width + panel * PANEL;
                    let sums = &mut sums[to..][..(rows - 1) * width + PANEL];
                    for row in 0..block.rows.len() {
                        let from = sizes.at(self.shape, row, tap_row) + start;
                        let left = &window[from..][..(columns - 1) * sizes.step + rows];
                        let right = &right[row * columns * PANEL..][..columns * PANEL];
                        let tile = Tile {
                            rows,
                            columns: (self.shape.outputs - panel * PANEL).min(PANEL),
                            depth: columns,
                            a: left.as_ptr(),
                            a_row: 1,
                            a_step: sizes.step,
                            b: right.as_ptr(),
                            c: sums.as_mut_ptr(),
                            c_row: width,
                            add: true,
                        };
                        // SAFETY: the level was detected; the slices hold `rows` numbers for each of the columns' windows, a
                        // panel's row for each column, and `rows` rows of sums.
                        unsafe { T::run(self.level, &tile) };
                    }
                }
            }
        }
    }
}
