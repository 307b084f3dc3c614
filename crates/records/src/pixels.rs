//! Converts planes of scores, one for each class, to the scores of each pixel.

use crate::{Error, Result};

/// Pixels that are turned at a time; 64 rows of 21 f64 stay in the first cache.
const STRIP: usize = 64;

/// Calls `each` with every pixel's index and its scores in f64, to read or to overwrite; `scores` are `channels` planes of
/// `pixels` values.
///
/// # Errors
/// [`Error::Length`] if the planes do not have this size.
///
/// ```
/// let mut rows = Vec::new();
/// // Two planes of three pixels.
/// scribe_records::for_each_pixel(&[1.0, 2.0, 3.0, 10.0, 20.0, 30.0], 2, 3, |_, row| rows.push(row.to_vec()))?;
/// assert_eq!(rows, [[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]);
/// # Ok::<(), scribe_records::Error>(())
/// ```
pub fn for_each_pixel(
    scores: &[f32],
    channels: usize,
    pixels: usize,
    mut each: impl FnMut(usize, &mut [f64]),
) -> Result<()> {
    for_each_pixel_of([scores], channels, pixels, |pixel, [row]| each(pixel, row))
}

/// As [`for_each_pixel`], for the same pixels of several sets of planes.
pub(crate) fn for_each_pixel_of<const N: usize>(
    scores: [&[f32]; N],
    channels: usize,
    pixels: usize,
    mut each: impl FnMut(usize, [&mut [f64]; N]),
) -> Result<()> {
    for_each_strip_of(scores, channels, pixels, channels, |first, mut strips| {
        for offset in 0..strips.first().map_or(0, |strip| strip.len() / channels) {
            let rows = strips.each_mut().map(|strip| &mut strip[offset * channels..][..channels]);
            each(first + offset, rows);
        }
    })
}

/// Calls `each` with the index of the first pixel and the scores in f64 of up to [`STRIP`] pixels, `stride` values for each,
/// of which those beyond the channels are 0.
pub(crate) fn for_each_strip_of<const N: usize>(
    scores: [&[f32]; N],
    channels: usize,
    pixels: usize,
    stride: usize,
    mut each: impl FnMut(usize, [&mut [f64]; N]),
) -> Result<()> {
    let expected = channels * pixels;
    if let Some(wrong) = scores.iter().find(|planes| planes.len() != expected) {
        return Err(Error::Length { what: "scores", found: wrong.len(), expected });
    }
    let mut strips = scores.map(|_| vec![0.0f64; STRIP * stride]);
    for first in (0..pixels).step_by(STRIP) {
        let length = STRIP.min(pixels - first);
        for (strip, planes) in strips.iter_mut().zip(scores) {
            for channel in 0..channels {
                let plane = &planes[channel * pixels + first..][..length];
                for (row, &value) in strip.chunks_exact_mut(stride).zip(plane) {
                    row[channel] = f64::from(value);
                }
            }
        }
        each(first, strips.each_mut().map(|strip| &mut strip[..length * stride]));
    }
    Ok(())
}
