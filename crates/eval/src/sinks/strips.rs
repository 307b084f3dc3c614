//! From planes of scores to one pixel's scores side by side.

use scribe_records::{Error, Result};

/// Pixels that are turned at a time; 64 rows of 21 f64 stay in the first cache.
const STRIP: usize = 64;

/// Hands each pixel's scores in f64, to be read or overwritten, to `each`; `scores` are `classes` planes of `pixels`.
///
/// # Errors
/// [`Error::Length`] if the planes do not fit.
pub(crate) fn for_each_pixel(
    scores: &[f32],
    classes: usize,
    pixels: usize,
    mut each: impl FnMut(usize, &mut [f64]),
) -> Result<()> {
    if scores.len() != classes * pixels {
        return Err(Error::Length { what: "scores", found: scores.len(), expected: classes * pixels });
    }
    let mut strip = vec![0.0f64; STRIP * classes];
    for first in (0..pixels).step_by(STRIP) {
        let length = STRIP.min(pixels - first);
        for class in 0..classes {
            let plane = &scores[class * pixels + first..][..length];
            for (row, &value) in strip.chunks_exact_mut(classes).zip(plane) {
                row[class] = f64::from(value);
            }
        }
        for (offset, row) in strip.chunks_exact_mut(classes).take(length).enumerate() {
            each(first + offset, row);
        }
    }
    Ok(())
}
