//! The matrix product behind the forward pass and the input's gradient.
//!
//! Every result pixel is a sum over (channel, tap) of weight times input. Tiles of pixels are gathered into panels that
//! stream from the second-level cache, multiplied with rows of weights, and written out. Each pixel's sum is taken in the
//! same order wherever the pixel lies in a tile, so that neither threads nor neighbours in the batch change a bit.

use super::finish::Finish;
use super::kernels::{Element, Kernels, VECTORS};
use super::pieces::Task;
use super::regions::{Side, cut};
use super::work::Work;
use crate::ops::parallel::{self, Shared};

/// Bytes of one panel. More than the first-level cache holds: the more products a kernel sums, the fewer times it comes
/// back to an unfinished sum, and that saves more than streaming costs.
pub(super) const PANEL_BYTES: usize = 64 << 10;
/// Bytes of a task's panels and results: they stay in the second-level cache.
const TASK_BYTES: usize = 512 << 10;

/// The pictures that are read, `[images, channels, h, w]`.
#[derive(Clone, Copy)]
pub(super) struct Pictures<'a, T> {
    pub(super) data: &'a [T],
    pub(super) images: usize,
    pub(super) channels: usize,
    pub(super) plane: usize,
    pub(super) width: usize,
}

/// The factors: that of result channel `m`, input channel `c` and tap `t` is `data[m * row + c * channel + t]`.
#[derive(Clone, Copy)]
pub(super) struct Factors<'a, T> {
    pub(super) data: &'a [T],
    pub(super) rows: usize,
    pub(super) row: usize,
    pub(super) channel: usize,
    /// Taps across the kernel: tap (y, x) has index `t = y * kernel_width + x`.
    pub(super) kernel_width: usize,
}

/// Where results go: grid index (i, j) is pixel `(start[0] + i * step, start[1] + j * step)` of `[images, rows, ., width]`.
#[derive(Clone, Copy)]
pub(super) struct Target<'a, T> {
    pub(super) data: Shared<T>,
    pub(super) plane: usize,
    pub(super) width: usize,
    pub(super) start: [usize; 2],
    pub(super) step: usize,
    /// What each sum becomes; itself where absent.
    pub(super) finish: Option<Finish<'a, T>>,
}

/// One product over a grid of pixels.
pub(super) struct TapProduct<'a, T: 'static> {
    pub(super) kernels: &'static Kernels<T>,
    pub(super) pictures: Pictures<'a, T>,
    pub(super) factors: Factors<'a, T>,
    pub(super) target: Target<'a, T>,
    pub(super) down: Side,
    pub(super) across: Side,
}

impl<T: Element> TapProduct<'_, T> {
    /// Writes all results of the grid.
    pub(super) fn run(&self) {
        let regions = cut(&self.down, &self.across, self.kernels.lanes);
        let mut tasks = Vec::new();
        let mut work = 0;
        for region in &regions {
            let pixels = self.pictures.images * region.pixels();
            let step = self.pixels_per_task(pixels);
            work += pixels * (region.taps() * self.pictures.channels + 1) * self.factors.rows;
            let task = |first| Task { region, first, count: step.min(pixels - first) };
            tasks.extend((0..pixels).step_by(step.max(1)).map(task));
        }
        parallel::for_each(tasks.len(), work / 50, |i| Work::new(self, &tasks[i]).run());
    }

    pub(super) fn panel(&self) -> usize {
        self.kernels.lanes * VECTORS
    }

    /// Spreads the panels evenly over the threads; no result depends on it.
    fn pixels_per_task(&self, pixels: usize) -> usize {
        let panels = pixels.div_ceil(self.panel());
        let threads = rayon::current_num_threads();
        let fit = TASK_BYTES / (PANEL_BYTES + self.factors.rows * self.panel() * size_of::<T>());
        let rounds = panels.div_ceil(threads * fit.max(1));
        panels.div_ceil(threads * rounds.max(1)) * self.panel()
    }
}
