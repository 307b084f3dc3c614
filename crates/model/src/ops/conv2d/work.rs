//! One task of a tap product: gather panels, multiply, write.

use super::kernels::{Element, Product, Run, bits};
use super::pieces::{Piece, Task, pieces};
use super::scratch;
use super::tap_product::{PANEL_BYTES, TapProduct};

/// A task with everything worked out that does not depend on channels.
pub(super) struct Work<'a, T: 'static> {
    product: &'a TapProduct<'a, T>,
    task: &'a Task<'a>,
    pieces: Vec<Piece>,
    /// Runs of each tap, one tap after the other.
    runs: Vec<Run>,
    /// Where the runs of each tap end, and the tap's index in the kernel.
    taps: Vec<(usize, usize)>,
    /// Channels gathered at a time.
    block: usize,
}

impl<'a, T: Element> Work<'a, T> {
    pub(super) fn new(product: &'a TapProduct<'a, T>, task: &'a Task<'a>) -> Self {
        let bytes = product.panel() * task.region.taps().max(1) * size_of::<T>();
        let block = (PANEL_BYTES / bytes).clamp(1, product.pictures.channels.max(1));
        let mut work = Self { product, task, pieces: pieces(task), runs: vec![], taps: vec![], block };
        work.find_runs();
        work
    }

    fn panels(&self) -> usize {
        self.task.count.div_ceil(self.product.panel())
    }

    /// Numbers in one gathered panel.
    fn panel_len(&self) -> usize {
        self.block * self.task.region.taps() * self.product.panel()
    }

    fn find_runs(&mut self) {
        let region = self.task.region;
        for down in &region.down.taps {
            for across in &region.across.taps {
                for i in 0..self.pieces.len() {
                    self.runs_of_piece(i, down.offset, across.offset);
                }
                let index = down.index * self.product.factors.kernel_width + across.index;
                self.taps.push((self.runs.len(), index));
            }
        }
    }

    /// Cuts a piece at panels and at the length of a vector.
    fn runs_of_piece(&mut self, piece: usize, down: isize, across: isize) {
        let (p, product) = (&self.pieces[piece], self.product);
        let (panel, pictures) = (product.panel(), product.pictures);
        let step = product.across.step;
        let y = (p.row * product.down.step) as isize + down;
        let inside_y = y >= 0 && y < product.down.size as isize;
        let image = (p.image * pictures.channels * pictures.plane) as isize;
        let mut done = 0;
        while done < p.len {
            let at = p.at + done;
            let len = (p.len - done).min(panel - at % panel).min(product.kernels.lanes);
            let x = ((p.column + done) * step) as isize + across;
            let valid = super::geometry::inside(len, step, x, product.across.size);
            self.runs.push(Run {
                from: image + y * pictures.width as isize + x,
                to: (at / panel * self.panel_len() + at % panel) as u32,
                places: bits(0..len),
                valid: if inside_y { bits(valid) } else { 0 },
            });
            done += len;
        }
    }

    pub(super) fn run(&self) {
        let (rows, panel) = (self.product.factors.rows, self.product.panel());
        let gathered = self.panels() * self.panel_len();
        let direct = self.direct();
        let results = if direct.is_some() { 0 } else { rows * self.panels() * panel };
        scratch::with(gathered + results, |buffer: &mut [T]| {
            let (gathered, results) = buffer.split_at_mut(gathered);
            match direct {
                // SAFETY: the pixels of this task are one run in each plane of the target, its own.
                Some(at) => unsafe {
                    self.multiply(gathered, self.product.target.data.at(at), self.product.target.plane);
                    self.finish(at);
                },
                None => {
                    let row = self.panels() * panel;
                    // SAFETY: `results` holds `rows` rows of whole panels.
                    unsafe { self.multiply(gathered, results.as_mut_ptr(), row) };
                    self.write(results, row);
                }
            }
        });
    }

    /// Where the task's results lie in the target's first channel, if whole vectors can be written there.
    fn direct(&self) -> Option<usize> {
        let (target, region) = (&self.product.target, self.task.region);
        let last = self.pieces.last()?;
        let first = &self.pieces[0];
        let rows_join = region.across.range.len() == target.width && target.step == 1;
        let one_run = first.image == last.image && (rows_join || self.pieces.len() == 1 && target.step == 1);
        let whole = self.task.count.is_multiple_of(self.product.kernels.lanes);
        (one_run && whole).then(|| self.place(first, 0))
    }

    /// Finishes results that lie in the target already, from `at` in its first channel.
    ///
    /// # Safety
    /// As [`Self::direct`] found.
    unsafe fn finish(&self, at: usize) {
        let target = &self.product.target;
        let Some(finish) = &target.finish else { return };
        for m in 0..self.product.factors.rows {
            let at = at + m * target.plane;
            // SAFETY: the pixels of this task are one run in each plane of the target, its own.
            finish.apply(m, at, unsafe { target.data.slice(at, self.task.count) });
        }
    }

    /// Index in the target of the first pixel of a piece.
    fn place(&self, piece: &Piece, channel: usize) -> usize {
        let target = &self.product.target;
        let plane = (piece.image * self.product.factors.rows + channel) * target.plane;
        let y = target.start[0] + piece.row * target.step;
        plane + y * target.width + target.start[1] + piece.column * target.step
    }

    /// Gathers block after block of channels and multiplies them.
    ///
    /// # Safety
    /// `c` has `rows` rows at distance `c_row`, each with room for the task's pixels in whole vectors.
    unsafe fn multiply(&self, gathered: &mut [T], c: *mut T, c_row: usize) {
        let (pictures, factors) = (self.product.pictures, self.product.factors);
        let offsets: Vec<usize> = (0..pictures.channels.min(self.block))
            .flat_map(|c| self.taps.iter().map(move |t| c * factors.channel + t.1))
            .collect();
        if offsets.is_empty() {
            for m in 0..factors.rows {
                // SAFETY: promised by the caller.
                unsafe { std::slice::from_raw_parts_mut(c.add(m * c_row), self.task.count) }.fill(T::zero());
            }
            return;
        }
        for first in (0..pictures.channels).step_by(self.block) {
            let channels = self.block.min(pictures.channels - first);
            self.gather(gathered, first, channels);
            let k = channels * self.taps.len();
            // SAFETY: promised by the caller.
            unsafe { self.tiles(gathered, &offsets[..k], first, c, c_row) };
        }
    }

    /// Copies the pixels that the task's panels read from some channels.
    fn gather(&self, gathered: &mut [T], first: usize, channels: usize) {
        let (product, pictures) = (self.product, self.product.pictures);
        let panel = product.panel();
        for c in 0..channels {
            let source = &pictures.data[(first + c) * pictures.plane..];
            let mut start = 0;
            for (t, &(end, _)) in self.taps.iter().enumerate() {
                let to = &mut gathered[(c * self.taps.len() + t) * panel..];
                // SAFETY: the runs' valid parts lie in the pictures, their targets in row (c, t) of the panels.
                unsafe {
                    (product.kernels.copy_runs)(
                        &self.runs[start..end],
                        source.as_ptr(),
                        product.across.step,
                        to.as_mut_ptr(),
                        // The first tap fetches the next channel's pixels for all taps.
                        if t == 0 { pictures.plane } else { 0 },
                    );
                }
                start = end;
            }
        }
    }

    /// # Safety
    /// As for [`Self::multiply`].
    unsafe fn tiles(&self, gathered: &[T], offsets: &[usize], first: usize, c: *mut T, c_row: usize) {
        let (kernels, factors) = (self.product.kernels, self.product.factors);
        let panel = self.product.panel();
        for q in 0..self.panels() {
            let b = &gathered[q * self.panel_len()..];
            let width = (self.task.count - q * panel).min(panel);
            let vectors = width.div_ceil(kernels.lanes);
            for m in (0..factors.rows).step_by(kernels.rows) {
                let rows = kernels.rows.min(factors.rows - m);
                let a = &factors.data[m * factors.row + first * factors.channel..];
                // SAFETY: the tile lies within `c`, as the caller promised; panels hold a row for every offset.
                unsafe {
                    kernels.product[rows - 1][vectors - 1](&Product {
                        a: a.as_ptr(),
                        a_row: factors.row,
                        offsets: offsets.as_ptr(),
                        k: offsets.len(),
                        b: b.as_ptr(),
                        b_row: panel,
                        c: c.add(m * c_row + q * panel),
                        c_row,
                        add: first > 0,
                    });
                }
            }
        }
    }

    /// Finishes results and copies them to their pixels.
    fn write(&self, results: &mut [T], row: usize) {
        let target = &self.product.target;
        for (m, results) in results.chunks_exact_mut(row).enumerate() {
            for piece in &self.pieces {
                let values = &mut results[piece.at..][..piece.len];
                let start = self.place(piece, m);
                if let Some(finish) = &target.finish {
                    finish.apply(m, start, values);
                }
                // SAFETY: the pixels of this piece belong to this task.
                unsafe {
                    if target.step == 1 {
                        target.data.slice(start, piece.len).copy_from_slice(values);
                    } else {
                        for (i, &v) in values.iter().enumerate() {
                            *target.data.at(start + i * target.step) = v;
                        }
                    }
                }
            }
        }
    }
}
