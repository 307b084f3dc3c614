//! The pixels of one task.

use super::regions::Region;

/// A number of neighbouring panels of a region.
pub(super) struct Task<'a> {
    pub(super) region: &'a Region,
    /// Flat pixels, image after image.
    pub(super) first: usize,
    pub(super) count: usize,
}

/// A row of neighbouring result pixels of a task.
pub(super) struct Piece {
    /// First pixel within the task.
    pub(super) at: usize,
    pub(super) len: usize,
    pub(super) image: usize,
    pub(super) row: usize,
    pub(super) column: usize,
}

/// The rows of neighbouring pixels that a task is made of.
pub(super) fn pieces(task: &Task) -> Vec<Piece> {
    let region = task.region;
    let (height, width) = (region.down.range.len(), region.across.range.len());
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < task.count {
        let flat = task.first + at;
        let column = flat % width;
        let len = (width - column).min(task.count - at);
        pieces.push(Piece {
            at,
            len,
            image: flat / (width * height),
            row: region.down.range.start + flat / width % height,
            column: region.across.range.start + column,
        });
        at += len;
    }
    pieces
}
