//! Divides a tap product into tasks and runs them on all threads.

use super::kernels::Element;
use super::pieces::Task;
use super::regions::cut;
use super::tap_product::{PANEL_BYTES, TapProduct};
use super::work::Work;
use crate::ops::cpu::parallel;

/// Bytes of a task's panels and results: they stay in the second-level cache.
const TASK_BYTES: usize = 512 << 10;

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

    /// Spreads the panels evenly over the threads; no result depends on it.
    fn pixels_per_task(&self, pixels: usize) -> usize {
        let panels = pixels.div_ceil(self.panel());
        let threads = rayon::current_num_threads();
        let fit = TASK_BYTES / (PANEL_BYTES + self.factors.rows * self.panel() * size_of::<T>());
        let rounds = panels.div_ceil(threads * fit.max(1));
        panels.div_ceil(threads * rounds.max(1)) * self.panel()
    }
}
