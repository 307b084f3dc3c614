//! The gradient of the weight: for each tap, the product of shifted inputs and output gradients summed over pixels.
//!
//! One operand is transposed, a few pixels at a time, so that a vector holds neighbouring channels of one pixel; the
//! other is read in place, one number for a whole vector. Only the pixels are visited for which a tap reads inside the
//! picture, so that nothing is padded. Every sum runs over images and pixels in one fixed order.

use super::geometry::{Geometry, inside};
use super::kernels::{Correlation, Element, Kernels, VECTORS};
use super::scratch;
use crate::ops::cpu::level::Level;
use crate::ops::cpu::parallel::{self, Shared, written_by};
use std::ops::Range;

/// Pixels transposed at a time: with a panel of channels they take half of the first-level cache.
const PIXELS: usize = 144;
/// Numbers of the unfinished sums of one task.
const SUMS: usize = 64 << 10;

/// One of the two operands, `[images, channels, plane]`.
#[derive(Clone, Copy)]
struct Operand<'a, T> {
    data: &'a [T],
    channels: usize,
    plane: usize,
    width: usize,
    /// Distance of pixels that meet neighbouring pixels of the result's grid.
    step: usize,
}

/// A tap and the part of the result's grid for which it reads inside the picture.
struct LiveTap {
    index: usize,
    offset: [isize; 2],
    reach: [Range<usize>; 2],
}

struct Pass<'a, T: 'static> {
    g: &'a Geometry,
    kernels: &'static Kernels<T>,
    taps: Vec<LiveTap>,
    /// Transposed: its channels fill vectors. It is the output's gradient unless `swapped`.
    across: Operand<'a, T>,
    /// Read in place, at the tap's offset.
    down: Operand<'a, T>,
    swapped: bool,
    out: Shared<T>,
}

/// The weight's gradient `[outputs, inputs, kh, kw]`.
pub(super) fn weight_gradient<T: Element>(g: &Geometry, level: Level, x: &[T], dy: &[T]) -> Vec<T> {
    let x =
        Operand { data: x, channels: g.inputs, plane: g.plane(), width: g.size[1], step: g.config.stride };
    let dy = Operand { data: dy, channels: g.outputs, plane: g.out_plane(), width: g.out[1], step: 1 };
    // A 1x1 kernel without padding is symmetric in its operands: the one with fewer channels is cheaper to transpose.
    let swapped = g.kernel == [1, 1] && g.config.padding == 0 && g.inputs < g.outputs;
    let (across, down) = if swapped { (x, dy) } else { (dy, x) };
    let taps = live_taps(g);
    let len = g.outputs * g.inputs * g.taps();
    let run = |out| Pass { g, kernels: T::kernels(level), taps, across, down, swapped, out }.run();
    if run_covers_all(g) {
        // SAFETY: every tap of every pair of channels is written by one task.
        return unsafe { written_by(len, run) };
    }
    let mut gradient = vec![T::zero(); len];
    run(Shared::of(&mut gradient));
    gradient
}

fn run_covers_all(g: &Geometry) -> bool {
    live_taps(g).len() == g.taps()
}

fn live_taps(g: &Geometry) -> Vec<LiveTap> {
    let reach = |s: usize, t: usize| inside(g.out[s], g.config.stride, g.offset(s, t), g.size[s]);
    let mut taps = Vec::new();
    for y in 0..g.kernel[0] {
        for x in 0..g.kernel[1] {
            let reach = [reach(0, y), reach(1, x)];
            if reach.iter().all(|r| !r.is_empty()) {
                let offset = [g.offset(0, y), g.offset(1, x)];
                taps.push(LiveTap { index: y * g.kernel[1] + x, offset, reach });
            }
        }
    }
    taps
}

impl<T: Element> Pass<'_, T> {
    fn run(self) {
        let panel = self.kernels.lanes * VECTORS;
        let panels = self.across.channels.div_ceil(panel);
        // Blocks are whole tiles, small enough for the cache and enough for the threads; no result depends on them.
        let fit = (SUMS / (panel * self.taps.len().max(1))).max(1);
        let wanted = (2 * rayon::current_num_threads()).div_ceil(panels);
        let block = fit.min(self.down.channels.div_ceil(wanted)).next_multiple_of(self.kernels.rows);
        let blocks = self.down.channels.div_ceil(block);
        let pixels = self.g.images * self.g.out_plane();
        let work = pixels * self.across.channels * self.down.channels * self.taps.len();
        parallel::for_each(panels * blocks, work / 50, |i| {
            let across = i / blocks * panel;
            let down = i % blocks * block;
            self.task(
                across..(across + panel).min(self.across.channels),
                down..(down + block).min(self.down.channels),
            );
        });
    }

    /// All sums of some channels of both operands.
    fn task(&self, across: Range<usize>, down: Range<usize>) {
        let width = across.len().next_multiple_of(self.kernels.lanes);
        let sums_len = self.taps.len() * down.len() * width;
        scratch::with(PIXELS * width + sums_len, |buffer: &mut [T]| {
            let (turned, sums) = buffer.split_at_mut(PIXELS * width);
            sums.fill(T::zero());
            for image in 0..self.g.images {
                let rows = (PIXELS / self.g.out[1]).clamp(1, self.g.out[0]);
                let columns = PIXELS.min(self.g.out[1]);
                for y in (0..self.g.out[0]).step_by(rows) {
                    for x in (0..self.g.out[1]).step_by(columns) {
                        let window = [y..(y + rows).min(self.g.out[0]), x..(x + columns).min(self.g.out[1])];
                        self.transpose(image, &across, &window, turned, width);
                        self.add(image, &down, &window, turned, sums, width);
                    }
                }
            }
            self.write(&across, &down, sums, width);
        });
    }

    /// Fills `turned[pixel][channel]` with the window's pixels.
    fn transpose(
        &self,
        image: usize,
        channels: &Range<usize>,
        window: &[Range<usize>; 2],
        turned: &mut [T],
        width: usize,
    ) {
        let (from, lanes) = (&self.across, self.kernels.lanes);
        let columns = window[1].len();
        for (row, y) in window[0].clone().enumerate() {
            for first in (0..channels.len()).step_by(lanes) {
                let channel = image * from.channels + channels.start + first;
                let source = &from.data
                    [channel * from.plane + y * from.step * from.width + window[1].start * from.step..];
                // SAFETY: `turned` holds a window of pixels of `width` channels, the source the channels' rows.
                unsafe {
                    (self.kernels.transpose)(
                        source.as_ptr(),
                        from.plane,
                        from.step,
                        turned[row * columns * width + first..].as_mut_ptr(),
                        width,
                        lanes.min(channels.len() - first),
                        columns,
                    );
                }
            }
        }
    }

    /// Adds the window's products to the sums, laid out `[channel group][tap][channel of the group][width]`.
    fn add(
        &self,
        image: usize,
        channels: &Range<usize>,
        window: &[Range<usize>; 2],
        turned: &[T],
        sums: &mut [T],
        width: usize,
    ) {
        let (from, kernels) = (&self.down, self.kernels);
        let columns = window[1].len();
        for first in (0..channels.len()).step_by(kernels.rows) {
            let rows = kernels.rows.min(channels.len() - first);
            let plane = (image * from.channels + channels.start + first) * from.plane;
            for (t, tap) in self.taps.iter().enumerate() {
                let part = |s: usize| {
                    let start = window[s].start.max(tap.reach[s].start);
                    start..window[s].end.min(tap.reach[s].end).max(start)
                };
                let (down, across) = (part(0), part(1));
                if down.is_empty() || across.is_empty() {
                    continue;
                }
                let at = |s: usize, i: usize| ((i * from.step) as isize + tap.offset[s]) as usize;
                let source = plane + at(0, down.start) * from.width + at(1, across.start);
                let pixel = (down.start - window[0].start) * columns + across.start - window[1].start;
                let sum = (first * self.taps.len() + t * rows) * width;
                // SAFETY: the tap's reach keeps all reads inside the planes; a tile of sums has `rows * width` numbers.
                unsafe {
                    kernels.correlation[rows - 1][width / kernels.lanes - 1](&Correlation {
                        a: from.data[source..].as_ptr(),
                        a_channel: from.plane,
                        a_row: from.step * from.width,
                        a_step: from.step,
                        b: turned[pixel * width..].as_ptr(),
                        b_row: columns,
                        b_pixel: width,
                        rows: down.len(),
                        columns: across.len(),
                        c: sums[sum..].as_mut_ptr(),
                        c_row: width,
                    });
                }
            }
        }
    }

    /// Copies the finished sums to the weight's layout.
    fn write(&self, across: &Range<usize>, down: &Range<usize>, sums: &[T], width: usize) {
        let (taps, inputs) = (self.g.taps(), self.g.inputs);
        let group = self.kernels.rows;
        for first in (0..down.len()).step_by(group) {
            let rows = group.min(down.len() - first);
            for (t, tap) in self.taps.iter().enumerate() {
                for r in 0..rows {
                    let sums = &sums[(first * self.taps.len() + t * rows + r) * width..];
                    let channel = down.start + first + r;
                    for (j, &sum) in across.clone().zip(sums) {
                        let (output, input) = if self.swapped { (channel, j) } else { (j, channel) };
                        // SAFETY: this pair of channels belongs to this task.
                        unsafe { *self.out.at((output * inputs + input) * taps + tap.index) = sum };
                    }
                }
            }
        }
    }
}
