//! Convolution as a sum of products, one for each tap, whose left side are the pixels in place.

use super::block::{Block, blocks, pixels_for};
use super::correlation::{Correlation, Tap};
use super::finish::{Finish, moments};
use super::moments::Moments;
use super::window::Window;
use crate::ops::cpu::level::Level;
use crate::ops::cpu::memory::Place;
use crate::ops::cpu::product::{DEPTH, Multiply, PANEL, Panels, Tile, pieces};
use crate::ops::cpu::{parallel, scratch};
use crate::ops::geometry::Conv2dShape;
use std::ops::Range;

/// Panels that a task may hold sums of.
const GROUP: usize = 8;
/// Tasks that are enough for the threads of a large machine.
const TASKS: usize = 32;

/// The work of one correlation.
pub(super) struct Direct<'a, T> {
    pub(super) correlation: &'a Correlation,
    pub(super) level: Level,
    /// The source, channels last.
    pub(super) source: &'a [T],
    pub(super) weight: &'a Panels<T>,
    pub(super) finish: Finish<'a, T>,
    /// Where it is given, blocks read windows of this convolution's input, and the weight is one matrix of all taps.
    pub(super) windows: Option<&'a Conv2dShape>,
}

impl<T: Multiply> Direct<'_, T> {
    /// Writes the target's pixels of the grid, all their channels; where `sums` is given, it takes the moments of what is
    /// written.
    ///
    /// # Safety
    /// `target` has room for the whole target, channels last, and nobody else uses it meanwhile.
    pub(super) unsafe fn run(&self, target: Place<T>, sums: Option<&Moments<T>>) {
        let blocks = blocks(self.correlation, pixels_for(self.weight.bytes()));
        let panels = self.weight.count();
        let groups = TASKS.div_ceil(blocks.len().max(1)).max(panels.div_ceil(GROUP)).min(panels);
        let work = self.correlation.pixels() * self.correlation.taps.len() * self.weight.depth() * panels;
        parallel::for_each(blocks.len() * groups, work / 2 + self.correlation.pixels(), |task| {
            let (block, group) = (task / groups, task % groups);
            let group = group * panels / groups..(group + 1) * panels / groups;
            // SAFETY: blocks and groups are disjoint, so no other task writes these pixels' channels.
            unsafe { self.task(block, &blocks[block], group, target, sums) };
        });
    }

    /// One block of pixels, and some panels of their channels.
    ///
    /// # Safety
    /// As [`Direct::run`], for this part of the target.
    unsafe fn task(
        &self,
        index: usize,
        block: &Block,
        group: Range<usize>,
        target: Place<T>,
        into: Option<&Moments<T>>,
    ) {
        let each = block.pixels() * PANEL;
        let sizes = self.windows.map(|shape| Window::new(shape, block));
        let length = sizes.map_or(0, |sizes| sizes.len());
        scratch::with(each * group.len() + length, |buffer: &mut [T]| {
            let (sums, window) = buffer.split_at_mut(each * group.len());
            match self.windows.zip(sizes) {
                Some((shape, sizes)) => {
                    sizes.copy(shape, self.source, block, window);
                    self.add_window(block, group.clone(), (shape, &sizes), window, sums);
                }
                None => self.add_products(block, group.clone(), sums),
            }
            for (panel, sums) in group.zip(sums.chunks_exact_mut(each)) {
                let channel = panel * PANEL;
                if let Some(into) = into {
                    let (mut mean, mut squares) = ([T::zero(); PANEL], [T::zero(); PANEL]);
                    moments(sums, &mut mean, &mut squares);
                    into.put(index, channel, &mean, &squares);
                }
                // SAFETY: the caller promises this part of the target.
                unsafe { self.write(block, channel, sums, target) };
            }
        });
    }

    /// The sums over all taps and channels, `PANEL` for each pixel and panel.
    fn add_products(&self, block: &Block, group: Range<usize>, sums: &mut [T]) {
        let c = self.correlation;
        let whole = |side: usize, range: &Range<usize>| {
            c.taps.iter().all(|&tap| {
                let reach = c.reach(tap, side);
                reach.start <= range.start && range.end <= reach.end
            })
        };
        // A single product that reaches every pixel writes the sums; otherwise products add to zeros.
        let alone = c.taps.len() == 1 && whole(0, &block.rows) && whole(1, &block.columns);
        if !alone {
            sums.fill(T::zero());
        }
        let each = block.pixels() * PANEL;
        for (first, depth) in pieces(self.weight.depth(), DEPTH) {
            let (channels, add) = (first..first + depth, !alone || first > 0);
            for (panel, sums) in group.clone().zip(sums.chunks_exact_mut(each)) {
                for &tap in &c.taps {
                    self.add_tap(block, tap, panel, (channels.clone(), add), sums);
                }
            }
        }
    }

    /// The rows and columns of a block for which a tap reads inside the source.
    fn part(&self, block: &Block, tap: Tap) -> [Range<usize>; 2] {
        let within = |side: usize, whole: &Range<usize>| {
            let reach = self.correlation.reach(tap, side);
            reach.start.clamp(whole.start, whole.end)..reach.end.clamp(whole.start, whole.end)
        };
        [within(0, &block.rows), within(1, &block.columns)]
    }

    /// Where the source's pixel that a tap reads for a grid pixel begins.
    fn from(&self, block: &Block, tap: Tap, row: usize, column: usize) -> usize {
        let c = self.correlation;
        let y = (row * c.step).wrapping_add_signed(tap.offset[0]);
        let x = (column * c.step).wrapping_add_signed(tap.offset[1]);
        ((block.image * c.source[0] + y) * c.source[1] + x) * self.weight.depth()
    }

    /// The products of a block's window, `PANEL` for each pixel and panel.
    fn add_window(
        &self,
        block: &Block,
        group: Range<usize>,
        (shape, sizes): (&Conv2dShape, &Window),
        window: &[T],
        sums: &mut [T],
    ) {
        let columns = block.columns.len();
        for (panel, sums) in group.zip(sums.chunks_exact_mut(block.pixels() * PANEL)) {
            for tap_row in 0..shape.kernel[0] {
                let b = &self.weight.rows(0, panel, tap_row * sizes.depth)[..sizes.depth * PANEL];
                for (row, sums) in sums.chunks_exact_mut(columns * PANEL).enumerate() {
                    for (start, rows) in pieces(columns, T::rows(self.level)) {
                        let from = sizes.at(shape, row, tap_row) + start * sizes.step;
                        let a = &window[from..][..(rows - 1) * sizes.step + sizes.depth];
                        let tile = Tile {
                            rows,
                            columns: (self.weight.columns() - panel * PANEL).min(PANEL),
                            depth: sizes.depth,
                            a: a.as_ptr(),
                            a_row: sizes.step,
                            a_step: 1,
                            b: b.as_ptr(),
                            c: sums[start * PANEL..][..rows * PANEL].as_mut_ptr(),
                            c_row: PANEL,
                            add: tap_row > 0,
                        };
                        // SAFETY: the level was detected; the slices hold a row of taps for each of `rows` results, the
                        // panel's rows for these taps, and `rows` rows of sums.
                        unsafe { T::run(self.level, &tile) };
                    }
                }
            }
        }
    }

    /// Adds one tap's product for some of the source's channels, of the pixels in place.
    fn add_tap(
        &self,
        block: &Block,
        tap: Tap,
        panel: usize,
        (channels, add): (Range<usize>, bool),
        sums: &mut [T],
    ) {
        let b = &self.weight.rows(tap.index, panel, channels.start)[..channels.len() * PANEL];
        let a_row = self.correlation.step * self.weight.depth();
        let [rows, columns] = self.part(block, tap);
        for row in rows.clone() {
            for (start, count) in pieces(columns.len(), T::rows(self.level)) {
                let column = columns.start + start;
                let from = self.from(block, tap, row, column) + channels.start;
                let a = &self.source[from..][..(count - 1) * a_row + channels.len()];
                let to = (row - block.rows.start) * block.columns.len() + column - block.columns.start;
                let sums = &mut sums[to * PANEL..][..count * PANEL];
                let tile = Tile {
                    rows: count,
                    columns: (self.weight.columns() - panel * PANEL).min(PANEL),
                    depth: channels.len(),
                    a: a.as_ptr(),
                    a_row,
                    a_step: 1,
                    b: b.as_ptr(),
                    c: sums.as_mut_ptr(),
                    c_row: PANEL,
                    add,
                };
                // SAFETY: the level was detected; the slices hold `count` pixels' channels `a_row` elements apart, the
                // panel's rows of these channels, and `count` rows of sums.
                unsafe { T::run(self.level, &tile) };
            }
        }
    }

    /// Writes finished sums to their pixels.
    ///
    /// # Safety
    /// As [`Direct::run`], for this part of the target.
    unsafe fn write(&self, block: &Block, channel: usize, sums: &mut [T], target: Place<T>) {
        let (c, channels) = (self.correlation, self.weight.columns());
        let columns = (channels - channel).min(PANEL);
        let distance = c.target_step * channels;
        for (row, sums) in block.rows.clone().zip(sums.chunks_exact_mut(block.columns.len() * PANEL)) {
            let y = row * c.target_step + c.origin[0];
            let x = block.columns.start * c.target_step + c.origin[1];
            let at = ((block.image * c.target[0] + y) * c.target[1] + x) * channels + channel;
            self.finish.apply(sums, channel, columns, at, distance);
            for (pixel, sums) in sums.chunks_exact(PANEL).enumerate() {
                let to = target.at(at + pixel * distance);
                match sums.first_chunk::<PANEL>() {
                    // SAFETY: the caller promises room for the target's pixels; a whole panel is left from here on.
                    Some(values) if columns == PANEL => unsafe { to.cast::<[T; PANEL]>().write(*values) },
                    // SAFETY: the caller promises room for the target's pixels; `columns` channels are left from here on.
                    _ => unsafe { std::ptr::copy_nonoverlapping(sums.as_ptr(), to, columns) },
                }
            }
        }
    }
}
