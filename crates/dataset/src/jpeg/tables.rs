//! The orders and tables that scans share.

use super::huffman::Huffman;

/// The place in a block, row by row, of each coefficient in the order of the file (T.81, figure 5).
pub(super) const NATURAL: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The tables that a file has defined so far.
#[derive(Default)]
pub(super) struct Tables {
    /// Quantisation steps, row by row.
    pub quant: [Option<[u16; 64]>; 4],
    /// Codes of DC differences.
    pub dc: [Option<Huffman>; 4],
    /// Codes of AC coefficients.
    pub ac: [Option<Huffman>; 4],
    /// Blocks groups (MCUs) between restart markers; 0 for none.
    pub restart_interval: u32,
}

/// One component's part in a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScanComponent {
    /// Index into the frame's components.
    pub component: usize,
    /// Its DC table.
    pub dc: usize,
    /// Its AC table.
    pub ac: usize,
}

/// A scan's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scan {
    /// The components, 1 to 4.
    pub components: Vec<ScanComponent>,
    /// The first coefficient.
    pub first: usize,
    /// The last coefficient.
    pub last: usize,
    /// The bit position that earlier scans reached; 0 for a first scan.
    pub high: u32,
    /// The bit position that this scan reaches.
    pub low: u32,
}
