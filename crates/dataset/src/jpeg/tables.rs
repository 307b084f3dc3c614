//! The orders and tables that scans share.

use super::huffman::Huffman;
use super::standard;

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
    /// The settings of arithmetic codes.
    pub conditioning: Conditioning,
    /// Blocks groups (MCUs) between restart markers; 0 for none.
    pub restart_interval: u32,
}

impl Tables {
    /// Puts the standard's own codes where a scan names tables 0 or 1 that the file does not define, as
    /// libjpeg-turbo does for the frames of Motion JPEG.
    pub fn fill_standard(&mut self, scan: &Scan) {
        for part in &scan.components {
            if self.dc[part.dc].is_none() {
                self.dc[part.dc] = standard::dc(part.dc);
            }
            if self.ac[part.ac].is_none() {
                self.ac[part.ac] = standard::ac(part.ac);
            }
        }
    }
}

/// For each table what decides between the models of an arithmetic code (T.81, F.1.4.4.1.4 and F.1.4.4.2).
#[derive(Debug, Clone, Copy)]
pub(super) struct Conditioning {
    /// L and U: the bounds of small DC differences, as powers of two.
    pub dc: [(u8, u8); 4],
    /// Kx: the last AC coefficient that counts as low.
    pub ac: [u8; 4],
}

impl Default for Conditioning {
    fn default() -> Conditioning {
        Conditioning { dc: [(0, 1); 4], ac: [5; 4] }
    }
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
