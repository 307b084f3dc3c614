//! Packs the weights of a convolution into panels.

use super::tile::PANEL;
use crate::ops::cpu::memory::filled;
use crate::ops::cpu::real::Real;
use std::mem::MaybeUninit;

/// A matrix `[depth, columns]` for each tap of a kernel, cut into panels of [`PANEL`] columns. Columns beyond the last
/// are 0.
#[derive(Clone, Debug)]
pub(in crate::ops::cpu) struct Panels<T> {
    data: Vec<T>,
    depth: usize,
    columns: usize,
}

impl<T> Panels<T> {
    /// Rows of each tap's matrix.
    pub(in crate::ops::cpu) fn depth(&self) -> usize {
        self.depth
    }

    /// Columns of each tap's matrix.
    pub(in crate::ops::cpu) fn columns(&self) -> usize {
        self.columns
    }

    /// Bytes of all panels.
    pub(in crate::ops::cpu) fn bytes(&self) -> usize {
        size_of_val(self.data.as_slice())
    }

    /// Panels of each tap's matrix.
    pub(in crate::ops::cpu) fn count(&self) -> usize {
        self.columns.div_ceil(PANEL)
    }

    /// The rows from `row` on of a panel of a tap.
    pub(in crate::ops::cpu) fn rows(&self, tap: usize, panel: usize, row: usize) -> &[T] {
        let start = (tap * self.count() + panel) * self.depth;
        &self.data[(start + row) * PANEL..(start + self.depth) * PANEL]
    }
}

/// Of a weight `[Co, Ci, taps]`, the matrices `[Ci, Co]`, with which a convolution goes forward.
pub(in crate::ops::cpu) fn pack_columns<T: Real>(weight: &[T], [co, ci, taps]: [usize; 3]) -> Panels<T> {
    let panels = co.div_ceil(PANEL);
    let chunk = ci * PANEL;
    let data = filled(taps * panels * chunk, chunk, weight.len(), |i, place| {
        let (tap, first) = (i / panels, i % panels * PANEL);
        let rows = &weight[first * ci * taps..(first + PANEL).min(co) * ci * taps];
        transpose(rows, ci * taps, tap, taps, place)
    });
    Panels { data, depth: ci, columns: co }
}

/// Of a weight `[Co, Ci, taps]`, the matrices `[Co, Ci]`, with which the gradient of a convolution's input is made.
pub(in crate::ops::cpu) fn pack_rows<T: Real>(weight: &[T], [co, ci, taps]: [usize; 3]) -> Panels<T> {
    let panels = ci.div_ceil(PANEL);
    let data = filled(taps * panels * co * PANEL, co * PANEL, weight.len(), |i, place| {
        let (tap, first) = (i / panels, i % panels * PANEL);
        let columns = PANEL.min(ci - first);
        for (row, place) in weight.chunks_exact(ci * taps).zip(place.chunks_exact_mut(PANEL)) {
            let (inside, padding) = place.split_at_mut(columns);
            let values = row[first * taps + tap..].iter().step_by(taps);
            for (place, &value) in inside.iter_mut().zip(values) {
                place.write(value);
            }
            padding.fill(MaybeUninit::new(T::zero()));
        }
        // SAFETY: every row of the panel was written, its columns and its padding.
        unsafe { place.assume_init_mut() }
    });
    Panels { data, depth: co, columns: ci }
}

/// Writes element `first + k * step` of every row of `rows` to column (row) of row `k` of a panel.
fn transpose<'a, T: Real>(
    rows: &[T],
    length: usize,
    first: usize,
    step: usize,
    panel: &'a mut [MaybeUninit<T>],
) -> &'a mut [T] {
    if rows.len() < length * PANEL {
        panel.fill(MaybeUninit::new(T::zero()));
    }
    // A few rows of the panel at a time, so that their cache lines are still at hand for the next column.
    const ROWS: usize = 64;
    for (block, panel) in panel.chunks_mut(ROWS * PANEL).enumerate() {
        for (column, row) in rows.chunks_exact(length).enumerate() {
            let values = row[first + block * ROWS * step..].iter().step_by(step);
            for (place, &value) in panel[column..].iter_mut().step_by(PANEL).zip(values) {
                place.write(value);
            }
        }
    }
    // SAFETY: where there are fewer rows than columns the panel was cleared first; otherwise each element was written.
    unsafe { panel.assume_init_mut() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_hold_each_weight_once() {
        let [co, ci, taps] = [37, 70, 3];
        let weight: Vec<f32> = (1..=co * ci * taps).map(|v| v as f32).collect();
        let (columns, rows) = (pack_columns(&weight, [co, ci, taps]), pack_rows(&weight, [co, ci, taps]));
        for tap in 0..taps {
            for c in 0..ci {
                for o in 0..2 * PANEL {
                    let want = if o < co { weight[(o * ci + c) * taps + tap] } else { 0. };
                    assert_eq!(columns.rows(tap, o / PANEL, c)[o % PANEL], want);
                }
            }
            for o in 0..co {
                for c in 0..3 * PANEL {
                    let want = if c < ci { weight[(o * ci + c) * taps + tap] } else { 0. };
                    assert_eq!(rows.rows(tap, c / PANEL, o)[c % PANEL], want);
                }
            }
        }
    }
}
