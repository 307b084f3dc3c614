//! The pixels of a patch.

/// The slice of each pixel, where `zeros` stands for those that lie outside.
#[inline(always)]
pub(super) fn slices<'a, T, const N: usize>(
    pixels: [[Option<usize>; N]; N],
    zeros: &'a [T],
    slice: impl Fn(usize) -> &'a [T],
) -> [[&'a [T]; N]; N] {
    let mut all = [[zeros; N]; N];
    for (slot, pixel) in all.as_flattened_mut().iter_mut().zip(pixels.as_flattened()) {
        if let Some(pixel) = *pixel {
            *slot = slice(pixel);
        }
    }
    all
}
