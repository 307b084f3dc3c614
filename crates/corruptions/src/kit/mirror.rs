//! Indices beyond an edge.

/// The index in `0..side` that `i` means where a row of `side >= 2` samples is mirrored at its ends without repeating
/// them: c b | a b c | b a.
#[inline]
pub(crate) fn mirror(i: i64, side: usize) -> usize {
    let period = 2 * (side as i64 - 1);
    let folded = i.rem_euclid(period);
    folded.min(period - folded) as usize
}
