//! The gradient of the weights, by products of transformed patches.

use super::cut::{Cut, Task};
use super::patches::{PatchSize, Patches, Run};
use super::slices::slices;
use super::transforms::{add_to, read_two, taps_gradient_two, write_gradient_two};
use crate::ops::cpu::level::Level;
use crate::ops::cpu::memory::{Place, filled};
use crate::ops::cpu::product::{Multiply, PANEL, Tile, pieces};
use crate::ops::cpu::scratch;
use crate::ops::geometry::Conv2dShape;
use std::mem::MaybeUninit;
use std::ops::Range;

/// Products of a patch.
const MATRICES: usize = 16;
/// Patches of a block: the transforms of one product, and the sums that they are added to, stay in the second-level cache.
const PATCHES: usize = 128;
/// Rows of a panel that are transformed together.
const ROWS: usize = 16;

/// The work of one gradient.
pub(in crate::ops::cpu) struct WeightGradient<'a, T> {
    patches: Patches,
    level: Level,
    /// The input, channels last.
    x: &'a [T],
    /// The gradient of the result, channels last.
    dy: &'a [T],
    inputs: usize,
    outputs: usize,
    cut: Cut,
}

/// Where the transforms of a block lie.
struct Block {
    patches: usize,
    /// Elements from the transforms of a patch of the input to the next one's.
    padded: usize,
    /// Elements from a matrix of the input's transforms to the next.
    inputs: usize,
    /// Elements from a matrix of the transforms of the result's gradient to the next.
    outputs: usize,
    /// Whether there are sums to add to.
    add: bool,
}

impl<'a, T: Multiply> WeightGradient<'a, T> {
    /// For a convolution with a kernel of 3x3 taps and stride 1.
    pub(in crate::ops::cpu) fn new(shape: &Conv2dShape, level: Level, x: &'a [T], dy: &'a [T]) -> Self {
        let patches = Patches::forward(shape, PatchSize::Two);
        let (inputs, outputs) = (shape.inputs, shape.outputs);
        let cut = Cut::new(inputs, outputs.div_ceil(PANEL), patches.count());
        WeightGradient { patches, level, x, dy, inputs, outputs, cut }
    }

    /// `[Co, Ci, 3, 3]`.
    pub(in crate::ops::cpu) fn run(&self) -> Vec<T> {
        let work = self.patches.count() * self.inputs * self.outputs.div_ceil(PANEL) * MATRICES / 2;
        let each = MATRICES * self.cut.rows() * PANEL;
        let sums = filled(self.cut.tasks() * each, each, work, |index, place| self.task(index, place));
        let row = 9 * self.inputs;
        filled(self.outputs * row, PANEL * row, sums.len(), |panel, place| {
            self.transform_back(&sums, panel, place)
        })
    }

    /// The sums of one task: `[matrix, panel, input, PANEL]`.
    fn task<'p>(&self, index: usize, place: &'p mut [MaybeUninit<T>]) -> &'p mut [T] {
        let task = self.cut.task(index);
        // Where a group is smaller than the others, some places are left over.
        if task.patches.is_empty() || !self.cut.fills(&task) {
            place.fill(MaybeUninit::new(T::zero()));
        }
        let sums = Place::of(place);
        let padded = task.inputs.len().next_multiple_of(PANEL);
        // The panel in between keeps the matrices from falling on the same lines of the caches.
        let inputs = PATCHES * padded + PANEL;
        let outputs = PATCHES * task.panels.len() * PANEL + PANEL;
        scratch::with(MATRICES * (inputs + outputs), |transforms: &mut [T]| {
            let (x, dy) = transforms.split_at_mut(MATRICES * inputs);
            for (start, patches) in pieces(task.patches.len(), PATCHES) {
                let block = Block { patches, padded, inputs, outputs, add: start > 0 };
                let first = task.patches.start + start;
                let runs = self.patches.runs(first..first + patches);
                self.read(&task, &block, &runs, x);
                self.read_gradient(&task, &block, &runs, dy);
                // SAFETY: the sums of one task are this chunk's elements.
                unsafe { self.multiply(&task, &block, x, dy, sums) };
            }
        });
        // SAFETY: the products have written the sums of all panels and inputs of the task; if it has fewer than others, or
        // no patches, the place was cleared first.
        unsafe { place.assume_init_mut() }
    }

    /// Transforms the input: `[matrix, patch, input]`.
    fn read(&self, task: &Task, block: &Block, runs: &[Run], transforms: &mut [T]) {
        let zeros = vec![T::zero(); task.inputs.len()];
        let slice = |pixel: usize| &self.x[pixel * self.inputs..][task.inputs.clone()];
        let mut at = 0;
        for run in runs {
            for column in run.columns.clone() {
                let pixels = slices(self.patches.read(run, column), &zeros, slice);
                read_two(&pixels, block.inputs, PANEL, &mut transforms[at..]);
                at += block.padded;
            }
        }
    }

    /// Transforms the gradient of the result: `[matrix, panel, patch, PANEL]`.
    fn read_gradient(&self, task: &Task, block: &Block, runs: &[Run], transforms: &mut [T]) {
        let channels = task.panels.start * PANEL..(task.panels.end * PANEL).min(self.outputs);
        let zeros = vec![T::zero(); channels.len()];
        let slice = |pixel: usize| &self.dy[pixel * self.outputs..][channels.clone()];
        let panel = block.patches * PANEL;
        let mut at = 0;
        for run in runs {
            for column in run.columns.clone() {
                let pixels = slices(self.patches.written(run, column), &zeros, slice);
                write_gradient_two(&pixels, block.outputs, panel, &mut transforms[at..]);
                at += PANEL;
            }
        }
    }

    /// Adds the products of a block to the sums.
    ///
    /// # Safety
    /// `sums` has room for a task's sums, which nobody else uses meanwhile, and which were written if they are added to.
    unsafe fn multiply(&self, task: &Task, block: &Block, x: &[T], dy: &[T], sums: Place<MaybeUninit<T>>) {
        for matrix in 0..MATRICES {
            for (i, panel) in task.panels.clone().enumerate() {
                let b = &dy[matrix * block.outputs + i * block.patches * PANEL..][..block.patches * PANEL];
                for (start, rows) in pieces(task.inputs.len(), T::rows(self.level)) {
                    let a = &x[matrix * block.inputs + start..][..(block.patches - 1) * block.padded + rows];
                    let to = (matrix * self.cut.rows() + self.cut.row(i, start)) * PANEL;
                    let tile = Tile {
                        rows,
                        columns: (self.outputs - panel * PANEL).min(PANEL),
                        depth: block.patches,
                        a: a.as_ptr(),
                        a_row: 1,
                        a_step: block.padded,
                        b: b.as_ptr(),
                        c: sums.at(to).cast(),
                        c_row: PANEL,
                        add: block.add,
                    };
                    // SAFETY: the level was detected; the slices hold `rows` inputs of each patch, and the panel of each;
                    // the caller promises room for the sums, `rows` of which follow one another.
                    unsafe { T::run(self.level, &tile) };
                }
            }
        }
    }

    /// The gradients of a panel's weights, of the sums of all parts.
    fn transform_back<'p>(&self, sums: &[T], panel: usize, place: &'p mut [MaybeUninit<T>]) -> &'p mut [T] {
        let mut matrices = vec![T::zero(); MATRICES * ROWS * PANEL];
        let mut taps = [[[T::zero(); PANEL]; 9]; ROWS];
        for first in (0..self.inputs).step_by(ROWS) {
            let rows = ROWS.min(self.inputs - first);
            self.add_parts(sums, panel, first..first + rows, &mut matrices);
            taps_gradient_two(&matrices, ROWS * PANEL, &mut taps[..rows]);
            for (column, weights) in place.chunks_exact_mut(9 * self.inputs).enumerate() {
                let weights = &mut weights[9 * first..];
                for (weight, taps) in weights.iter_mut().zip(taps[..rows].as_flattened()) {
                    weight.write(taps[column]);
                }
            }
        }
        // SAFETY: the taps of every input were written in each row of weights.
        unsafe { place.assume_init_mut() }
    }

    /// The sums of some inputs and a panel, of all parts in their order: `[matrix, ROWS, PANEL]`.
    fn add_parts(&self, sums: &[T], panel: usize, inputs: Range<usize>, matrices: &mut [T]) {
        let (tasks, row) = self.cut.of(panel, inputs.start);
        for (part, task) in tasks.enumerate() {
            for (i, to) in matrices.chunks_exact_mut(ROWS * PANEL).enumerate() {
                let from = ((task * MATRICES + i) * self.cut.rows() + row) * PANEL;
                let (from, to) = (&sums[from..][..inputs.len() * PANEL], &mut to[..inputs.len() * PANEL]);
                if part == 0 { to.copy_from_slice(from) } else { add_to(to, from) }
            }
        }
    }
}
