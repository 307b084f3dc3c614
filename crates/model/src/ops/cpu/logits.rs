//! Logits at full size, plane after plane.

use super::memory::{Place, written};
use super::parallel::for_each;
use super::real::Real;
use super::resized::Resized;
use super::tiles::{self, TILE};
use crate::ops::head::Readout;

/// Rough cost of one channel of one pixel.
const NANOSECONDS: usize = 1;
/// Rows that one task reads.
const ROWS: usize = 16;

/// The logits `[N, K, H, W]` that are read at `size` from outputs `v`, whose channels are last and whose dimensions are
/// `dims` as `[N, C, h, w]`.
pub(in crate::ops) fn logits<T: Real>(
    v: &[T],
    dims: &[usize; 4],
    [height, width]: [usize; 2],
    readout: Readout,
) -> Vec<T> {
    let _operator = tracing::trace_span!("logits").entered();
    let resized = Resized::new(v, dims, [height, width], readout);
    let (classes, rows) = (resized.classes(), dims[0] * height);
    let count = rows * width * classes;
    let fill = |planes: Place<T>| {
        for_each(rows.div_ceil(ROWS), count * NANOSECONDS, |task| {
            let (mut reader, mut z) = (resized.reader(), tiles::zeros(classes));
            for row in task * ROWS..((task + 1) * ROWS).min(rows) {
                let (image, y) = (row / height, row % height);
                reader.turn_to(image, y);
                for first in (0..width).step_by(TILE) {
                    let pixels = reader.logits(first, &mut z);
                    for (class, z) in z.iter().enumerate() {
                        let at = planes.at(((image * classes + class) * height + y) * width + first);
                        // SAFETY: these pixels of row `y` of this plane lie in the vector, and belong to this tile of this
                        // row's task alone.
                        unsafe { at.copy_from_nonoverlapping(z.as_ptr(), pixels) };
                    }
                }
            }
        });
    };
    // SAFETY: the tasks have all rows of all images, the tiles all pixels of a row, and a tile writes all its classes.
    unsafe { written(count, fill) }
}
