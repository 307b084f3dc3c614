//! Packs the weights of a convolution into panels.

use super::tile::PANEL;
use crate::ops::cpu::memory::filled;
use crate::ops::cpu::real::Real;
use std::mem::MaybeUninit;

/// Rows of a panel that are gathered together: the taps of so many rows stay in the first-level cache.
const ROWS: usize = 16;

/// A matrix `[depth, columns]` for each tap of a kernel, cut into panels of [`PANEL`] columns. Columns beyond the last
/// are 0.
#[derive(Clone, Debug)]
pub(in crate::ops::cpu) struct Panels<T> {
    /// `[panel, tap, depth, PANEL]`.
    data: Vec<T>,
    taps: usize,
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
        let start = (panel * self.taps + tap) * self.depth;
        &self.data[(start + row) * PANEL..(start + self.depth) * PANEL]
    }
}

/// Of a weight `[Co, Ci, taps]`, the matrices `[Ci, Co]`, with which a convolution goes forward.
pub(in crate::ops::cpu) fn pack_columns<T: Real>(weight: &[T], [co, ci, taps]: [usize; 3]) -> Panels<T> {
    let chunk = taps * ci * PANEL;
    let data = filled(co.div_ceil(PANEL) * chunk, chunk, 2 * weight.len(), |panel, place| {
        let first = panel * PANEL;
        let rows = &weight[first * ci * taps..(first + PANEL).min(co) * ci * taps];
        if rows.len() < PANEL * ci * taps {
            place.fill(MaybeUninit::new(T::zero()));
        }
        match taps {
            1 => columns::<T, 1>(rows, ci, place),
            9 => columns::<T, 9>(rows, ci, place),
            _ => columns_of_any(rows, [ci, taps], place),
        }
        // SAFETY: where there are fewer rows than columns the panel was cleared first; otherwise each element was written.
        unsafe { place.assume_init_mut() }
    });
    Panels { data, taps, depth: ci, columns: co }
}

/// Of a weight `[Co, Ci, taps]`, the matrices `[Co, Ci]`, with which the gradient of a convolution's input is made.
pub(in crate::ops::cpu) fn pack_rows<T: Real>(weight: &[T], [co, ci, taps]: [usize; 3]) -> Panels<T> {
    let chunk = taps * co * PANEL;
    let data = filled(ci.div_ceil(PANEL) * chunk, chunk, 2 * weight.len(), |panel, place| {
        let first = panel * PANEL;
        let columns = PANEL.min(ci - first);
        for (o, row) in weight.chunks_exact(ci * taps).enumerate() {
            let values = &row[first * taps..][..columns * taps];
            for tap in 0..taps {
                let (inside, padding) = place[(tap * co + o) * PANEL..][..PANEL].split_at_mut(columns);
                for (place, &value) in inside.iter_mut().zip(values[tap..].iter().step_by(taps)) {
                    place.write(value);
                }
                padding.fill(MaybeUninit::new(T::zero()));
            }
        }
        // SAFETY: every row of each tap of the panel was written, its columns and its padding.
        unsafe { place.assume_init_mut() }
    });
    Panels { data, taps, depth: co, columns: ci }
}

/// Writes element `[k, tap]` of each row to column (row) of row `k` of the tap's panel, some rows of the panel at a time.
fn columns<T: Real, const TAPS: usize>(rows: &[T], depth: usize, panel: &mut [MaybeUninit<T>]) {
    let mut gathered = [[[T::zero(); PANEL]; ROWS]; TAPS];
    for first in (0..depth).step_by(ROWS) {
        let count = ROWS.min(depth - first);
        for (column, row) in rows.chunks_exact(depth * TAPS).enumerate() {
            let (values, _) = row[first * TAPS..][..count * TAPS].as_chunks::<TAPS>();
            for (k, values) in values.iter().enumerate() {
                for (gathered, &value) in gathered.iter_mut().zip(values) {
                    gathered[k][column] = value;
                }
            }
        }
        for (tap, gathered) in gathered.iter().enumerate() {
            let place = &mut panel[(tap * depth + first) * PANEL..][..count * PANEL];
            place.write_copy_of_slice(gathered[..count].as_flattened());
        }
    }
}

/// [`columns`] for any number of taps.
fn columns_of_any<T: Real>(rows: &[T], [depth, taps]: [usize; 2], panel: &mut [MaybeUninit<T>]) {
    for (column, row) in rows.chunks_exact(depth * taps).enumerate() {
        for (i, &value) in row.iter().enumerate() {
            panel[(i % taps * depth + i / taps) * PANEL + column].write(value);
        }
    }
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
