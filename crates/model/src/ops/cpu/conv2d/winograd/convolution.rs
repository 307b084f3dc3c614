//! A convolution, or the gradient of its input, by products of transformed patches.

use super::super::finish::{Finish, moments};
use super::super::moments::Moments;
use super::blocks::{CHANNELS, GROUP, blocks};
use super::patches::{PatchSize, Patches, Run};
use super::slices::slices;
use super::transforms::{Row, read_four, read_two, write_four, write_two};
use super::weights::TransformedWeights;
use crate::ops::cpu::level::Level;
use crate::ops::cpu::memory::Place;
use crate::ops::cpu::product::{DEPTH, Multiply, PANEL, Tile, pieces};
use crate::ops::cpu::{parallel, scratch};
use std::ops::Range;

/// Tasks that are enough for the threads of a large machine.
const TASKS: usize = 8;

/// The work of one convolution.
pub(in crate::ops::cpu) struct Convolution<'a, T> {
    pub(in crate::ops::cpu) patches: &'a Patches,
    pub(in crate::ops::cpu) level: Level,
    /// What is read, channels last.
    pub(in crate::ops::cpu) source: &'a [T],
    /// For patches of the same size.
    pub(in crate::ops::cpu) weights: &'a TransformedWeights<T>,
    pub(in crate::ops::cpu) finish: Finish<'a, T>,
}

/// Some patches and panels, and where their numbers lie.
struct Block {
    runs: Vec<Run>,
    patches: usize,
    group: Range<usize>,
    /// Elements from the transforms of a patch to the next one's.
    padded: usize,
    /// Elements from a matrix of transforms to the next.
    transforms: usize,
    /// Elements from a matrix of products to the next.
    products: usize,
    /// Elements of results of a panel.
    results: usize,
}

impl<T: Multiply> Convolution<'_, T> {
    /// Writes the target's pixels, all their channels; where `sums` is given, it takes the moments of the results before
    /// they are finished.
    ///
    /// # Safety
    /// `target` has room for the whole target, channels last, and nobody else uses it meanwhile.
    pub(in crate::ops::cpu) unsafe fn run(&self, target: Place<T>, sums: Option<&Moments<T>>) {
        assert!(self.weights.size() == self.patches.size, "weights and patches are made for each other");
        let blocks = blocks(self.patches, [self.weights.depth(), self.weights.columns()]);
        let panels = self.weights.panels();
        let groups = TASKS.div_ceil(blocks.len().max(1)).max(panels.div_ceil(GROUP)).min(panels);
        let products = self.patches.size.products();
        let work = self.patches.count() * products * self.weights.depth() * panels / 2;
        parallel::for_each(blocks.len() * groups, work, |task| {
            let (block, group) = (task / groups, task % groups);
            let group = group * panels / groups..(group + 1) * panels / groups;
            // SAFETY: blocks and groups are disjoint, so no other task writes these pixels' channels.
            unsafe { self.task(block, &self.block(blocks[block].clone(), group), target, sums) };
        });
    }

    fn block(&self, patches: Range<usize>, group: Range<usize>) -> Block {
        let count = patches.len();
        let runs = self.patches.runs(patches);
        let depth = self.weights.depth();
        let padded =
            pieces(depth, CHANNELS).map(|(_, depth)| depth).max().unwrap_or(0).next_multiple_of(PANEL);
        // The panel in between keeps the matrices from falling on the same lines of the caches.
        let (transforms, products) = (count * padded + PANEL, count * group.len() * PANEL + PANEL);
        let results = self.patches.pixels(&runs) * PANEL;
        Block { runs, patches: count, group, padded, transforms, products, results }
    }

    /// One block.
    ///
    /// # Safety
    /// As [`Convolution::run`], for this part of the target.
    unsafe fn task(&self, index: usize, block: &Block, target: Place<T>, into: Option<&Moments<T>>) {
        let matrices = self.patches.size.products();
        let length = matrices * (block.transforms + block.products) + block.results;
        scratch::with(length, |place: &mut [T]| {
            let (transforms, place) = place.split_at_mut(matrices * block.transforms);
            let (products, results) = place.split_at_mut(matrices * block.products);
            let zeros = vec![T::zero(); block.padded];
            for (first, depth) in pieces(self.weights.depth(), CHANNELS) {
                self.read(block, first..first + depth, &zeros, transforms);
                self.multiply(block, first..first + depth, transforms, products);
            }
            for panel in block.group.clone() {
                self.transform_back(block, panel, products, results);
                let channel = panel * PANEL;
                if let Some(into) = into {
                    let (mut mean, mut squares) = ([T::zero(); PANEL], [T::zero(); PANEL]);
                    moments(results, &mut mean, &mut squares);
                    into.put(index, channel, &mean, &squares);
                }
                // SAFETY: the caller promises this part of the target.
                unsafe { self.write(block, channel, results, target) };
            }
        });
    }

    /// Transforms some channels of the pixels that the patches read.
    fn read(&self, block: &Block, channels: Range<usize>, zeros: &[T], transforms: &mut [T]) {
        let (p, depth) = (self.patches, self.weights.depth());
        let zeros = &zeros[..channels.len()];
        let slice = |pixel: usize| &self.source[pixel * depth..][channels.clone()];
        let mut at = 0;
        for run in &block.runs {
            for column in run.columns.clone() {
                let place = &mut transforms[at..];
                match p.size {
                    PatchSize::Two => {
                        read_two(&slices(p.read(run, column), zeros, slice), block.transforms, PANEL, place)
                    }
                    PatchSize::Four => {
                        read_four(&slices(p.read(run, column), zeros, slice), block.transforms, PANEL, place)
                    }
                }
                at += block.padded;
            }
        }
    }

    /// Multiplies the transforms with the weights, for some channels of the source.
    fn multiply(&self, block: &Block, channels: Range<usize>, transforms: &[T], products: &mut [T]) {
        for matrix in 0..self.patches.size.products() {
            for (i, panel) in block.group.clone().enumerate() {
                let products = &mut products[matrix * block.products + i * block.patches * PANEL..];
                for (first, depth) in pieces(channels.len(), DEPTH) {
                    let a = &transforms[matrix * block.transforms + first..];
                    let first = channels.start + first;
                    self.multiply_panel(block, [matrix, panel], first..first + depth, a, products);
                }
            }
        }
    }

    /// Of one matrix and panel.
    fn multiply_panel(
        &self,
        block: &Block,
        [matrix, panel]: [usize; 2],
        channels: Range<usize>,
        transforms: &[T],
        products: &mut [T],
    ) {
        let b = &self.weights.rows(matrix, panel, channels.start)[..channels.len() * PANEL];
        for (start, rows) in pieces(block.patches, T::rows(self.level)) {
            let a = &transforms[start * block.padded..][..(rows - 1) * block.padded + channels.len()];
            let tile = Tile {
                rows,
                columns: (self.weights.columns() - panel * PANEL).min(PANEL),
                depth: channels.len(),
                a: a.as_ptr(),
                a_row: block.padded,
                a_step: 1,
                b: b.as_ptr(),
                c: products[start * PANEL..][..rows * PANEL].as_mut_ptr(),
                c_row: PANEL,
                add: channels.start > 0,
            };
            // SAFETY: the level was detected; the slices hold these channels of `rows` patches, the panel's rows of these
            // channels, and `rows` rows of products, which were written if this is not the first channel.
            unsafe { T::run(self.level, &tile) };
        }
    }

    /// The results of a panel, run by run and in each row by row.
    fn transform_back(&self, block: &Block, panel: usize, products: &[T], results: &mut [T]) {
        let mut from = (panel - block.group.start) * block.patches * PANEL;
        let mut to = 0;
        for run in &block.runs {
            let [height, width] = self.patches.extent(run);
            let row = Row { patches: run.columns.len(), height, width };
            let place = &mut results[to..][..height * width * PANEL];
            match self.patches.size {
                PatchSize::Two => write_two(&products[from..], block.products, row, place),
                PatchSize::Four => write_four(&products[from..], block.products, row, place),
            }
            from += row.patches * PANEL;
            to += height * width * PANEL;
        }
    }

    /// Finishes results and writes them to their pixels.
    ///
    /// # Safety
    /// As [`Convolution::run`], for this part of the target.
    unsafe fn write(&self, block: &Block, channel: usize, mut results: &mut [T], target: Place<T>) {
        let (p, channels) = (self.patches, self.weights.columns());
        let columns = (channels - channel).min(PANEL);
        let distance = p.dilation * channels;
        for run in &block.runs {
            let [height, width] = p.extent(run);
            let (first, x) = (p.spans[0][run.row].target, p.spans[1][run.columns.start].target);
            for row in 0..height {
                let y = first + row * p.dilation;
                let at = ((run.image * p.target[0] + y) * p.target[1] + x) * channels + channel;
                let (line, rest) = results.split_at_mut(width * PANEL);
                results = rest;
                self.finish.apply(line, channel, columns, at, distance);
                for (pixel, values) in line.as_chunks::<PANEL>().0.iter().enumerate() {
                    let to = target.at(at + pixel * distance);
                    if columns == PANEL {
                        // SAFETY: the caller promises room for the target's pixels; a whole panel is left from here.
                        unsafe { to.cast::<[T; PANEL]>().write(*values) };
                    } else {
                        // SAFETY: as many channels are left of this pixel.
                        unsafe { std::ptr::copy_nonoverlapping(values.as_ptr(), to, columns) };
                    }
                }
            }
        }
    }
}
