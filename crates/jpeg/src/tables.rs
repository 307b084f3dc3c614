//! The orders and tables that scans share.

use crate::huffman::Huffman;
use crate::standard;

/// The place in a block, row by row, of each coefficient in the order of the file (T.81, figure 5).
pub(crate) const NATURAL: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The tables that a file has defined so far.
#[derive(Default)]
pub(crate) struct Tables {
    /// Quantisation steps, row by row.
    pub(crate) quant: [Option<[u16; 64]>; 4],
    /// Codes of DC differences.
    pub(crate) dc: [Option<Huffman>; 4],
    /// Codes of AC coefficients.
    pub(crate) ac: [Option<Huffman>; 4],
    /// The settings of arithmetic codes.
    pub(crate) conditioning: Conditioning,
    /// Blocks groups (MCUs) between restart markers; 0 for none.
    pub(crate) restart_interval: u32,
}

impl Tables {
    /// Puts the standard's own codes where a scan names tables 0 or 1 that the file does not define, as
    /// libjpeg-turbo does for the frames of Motion JPEG.
    pub(crate) fn fill_standard(&mut self, scan: &Scan) {
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
pub(crate) struct Conditioning {
    /// L and U: the bounds of small DC differences, as powers of two.
    pub(crate) dc: [(u8, u8); 4],
    /// Kx: the last AC coefficient that counts as low.
    pub(crate) ac: [u8; 4],
}

impl Default for Conditioning {
    fn default() -> Conditioning {
        Conditioning { dc: [(0, 1); 4], ac: [5; 4] }
    }
}

/// One component's part in a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ScanComponent {
    /// Index into the frame's components.
    pub(crate) component: usize,
    /// Its DC table.
    pub(crate) dc: usize,
    /// Its AC table.
    pub(crate) ac: usize,
}

/// A scan's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scan {
    /// The components, 1 to 4.
    pub(crate) components: Vec<ScanComponent>,
    /// The first coefficient.
    pub(crate) first: usize,
    /// The last coefficient.
    pub(crate) last: usize,
    /// The bit position that earlier scans reached; 0 for a first scan.
    pub(crate) high: u32,
    /// The bit position that this scan reaches.
    pub(crate) low: u32,
}
