//! The product that all others are made of: a few rows times one panel.

/// Columns of a panel.
pub(in crate::ops::cpu) const PANEL: usize = 32;

/// Depth of one product: its part of a panel is read again and again while many rows pass by, and sums are written seldom.
pub(in crate::ops::cpu) const DEPTH: usize = 384;

/// `c[i][j] (+)= sum over k of a[i][k] * b[k][j]`, for `rows` rows and the first `columns` of [`PANEL`] columns, in
/// the order of `k`.
///
/// Distances are in elements. `c` is written in whole vectors: up to [`PANEL`] columns of it change, whatever `columns`.
#[derive(Clone, Copy, Debug)]
pub(in crate::ops::cpu) struct Tile<T> {
    pub(in crate::ops::cpu) rows: usize,
    pub(in crate::ops::cpu) columns: usize,
    pub(in crate::ops::cpu) depth: usize,
    pub(in crate::ops::cpu) a: *const T,
    /// From `a[i][k]` to `a[i + 1][k]`.
    pub(in crate::ops::cpu) a_row: usize,
    /// From `a[i][k]` to `a[i][k + 1]`.
    pub(in crate::ops::cpu) a_step: usize,
    /// `depth` rows of [`PANEL`] elements, one after the other.
    pub(in crate::ops::cpu) b: *const T,
    pub(in crate::ops::cpu) c: *mut T,
    /// From `c[i][j]` to `c[i + 1][j]`.
    pub(in crate::ops::cpu) c_row: usize,
    /// Whether `c` is added to; otherwise it is overwritten, and may be uninitialised.
    pub(in crate::ops::cpu) add: bool,
}

/// Cuts `count` rows into as few pieces of at most `largest` rows as possible, of nearly equal lengths: start and length of
/// each.
pub(in crate::ops::cpu) fn pieces(count: usize, largest: usize) -> impl Iterator<Item = (usize, usize)> {
    let pieces = count.div_ceil(largest);
    (0..pieces).map(move |i| {
        let (start, end) = (i * count / pieces, (i + 1) * count / pieces);
        (start, end - start)
    })
}
