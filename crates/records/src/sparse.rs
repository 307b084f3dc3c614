//! The confusion matrix of one image without its zeros, which are most of its 441 cells.

use crate::VOID;

/// The cells of a confusion matrix that are not zero, as (truth, prediction, pixels), in ascending order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SparseConfusion {
    cells: Vec<(u8, u8, u32)>,
    unmapped: Vec<(u8, u32)>,
}

impl SparseConfusion {
    /// The cells in ascending order of (truth, prediction); none is zero.
    pub fn cells(&self) -> &[(u8, u8, u32)] {
        &self.cells
    }

    /// Pixels whose predicted class a map ignores, as (truth, pixels), in ascending order; none is zero.
    pub fn unmapped(&self) -> &[(u8, u32)] {
        &self.unmapped
    }

    /// From cells in ascending order without zeros.
    pub(crate) fn from_cells(cells: Vec<(u8, u8, u32)>, unmapped: Vec<(u8, u32)>) -> SparseConfusion {
        SparseConfusion { cells, unmapped }
    }

    /// The stored form: per cell u8 truth, u8 prediction (255 where a map ignores it), u32 pixels, little-endian, six bytes
    /// in all, in ascending order.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let unmapped = self.unmapped.iter().map(|&(t, n)| (t, VOID, n));
        let mut all: Vec<(u8, u8, u32)> = self.cells.iter().copied().chain(unmapped).collect();
        all.sort_unstable();
        let mut bytes = Vec::with_capacity(all.len() * CELL);
        for (t, p, n) in all {
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
        let all: Vec<_> = bytes.chunks_exact(CELL).map(cell).collect();
        if all.windows(2).any(|w| (w[0].0, w[0].1) >= (w[1].0, w[1].1)) || all.iter().any(|c| c.2 == 0) {
            return Err("cells are not in ascending order without zeros".to_owned());
        }
        let (unmapped, cells): (Vec<_>, Vec<_>) = all.into_iter().partition(|cell| cell.1 == VOID);
        let unmapped = unmapped.into_iter().map(|(t, _, n)| (t, n)).collect();
        Ok(SparseConfusion { cells, unmapped })
    }
}

/// Bytes of one stored cell.
const CELL: usize = 6;
