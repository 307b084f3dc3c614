//! The confusion matrix of one image without its zeros, which are most of its 441 cells.

/// The cells of a confusion matrix that are not zero, as (truth, prediction, pixels), in ascending order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SparseConfusion {
    cells: Vec<(u8, u8, u32)>,
}

impl SparseConfusion {
    /// The cells in ascending order of (truth, prediction); none is zero.
    pub fn cells(&self) -> &[(u8, u8, u32)] {
        &self.cells
    }

    /// From cells in ascending order of (truth, prediction) without zeros.
    pub(crate) fn from_cells(cells: Vec<(u8, u8, u32)>) -> SparseConfusion {
        SparseConfusion { cells }
    }

    /// The stored form: per cell u8 truth, u8 prediction, u32 pixels, little-endian, six bytes in all.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.cells.len() * CELL);
        for &(t, p, n) in &self.cells {
            bytes.extend([t, p]);
            bytes.extend(n.to_le_bytes());
        }
        bytes
    }

    /// Reads the stored form; the error says what is wrong with it.
    pub(crate) fn from_bytes(bytes: &[u8]) -> std::result::Result<SparseConfusion, String> {
        if !bytes.len().is_multiple_of(CELL) {
            return Err(format!("{} bytes is not a multiple of {CELL}", bytes.len()));
        }
        let cell = |b: &[u8]| (b[0], b[1], u32::from_le_bytes([b[2], b[3], b[4], b[5]]));
        let cells: Vec<_> = bytes.chunks_exact(CELL).map(cell).collect();
        if cells.windows(2).any(|w| (w[0].0, w[0].1) >= (w[1].0, w[1].1)) || cells.iter().any(|c| c.2 == 0) {
            return Err("cells are not in ascending order without zeros".to_owned());
        }
        Ok(SparseConfusion { cells })
    }
}

/// Bytes of one stored cell.
const CELL: usize = 6;
