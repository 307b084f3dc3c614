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

    /// The labelled pixels of each class, the ones whose predicted class a map ignores among them.
    pub(crate) fn by_truth(&self) -> [u64; 256] {
        let mut counts = [0; 256];
        self.cells.iter().for_each(|&(truth, _, pixels)| counts[usize::from(truth)] += u64::from(pixels));
        self.unmapped.iter().for_each(|&(truth, pixels)| counts[usize::from(truth)] += u64::from(pixels));
        counts
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

    /// Reads the stored form of a confusion of so many classes; the error says what is wrong with it.
    pub(crate) fn from_bytes(bytes: &[u8], classes: usize) -> std::result::Result<SparseConfusion, String> {
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
        let found = SparseConfusion { cells, unmapped };
        found.check(classes).map(|()| found)
    }

    /// Refuses classes that are not among so many; the error names the first.
    pub(crate) fn check(&self, classes: usize) -> std::result::Result<(), String> {
        let unknown = |class: u8| usize::from(class) >= classes;
        let unmapped = self.unmapped.iter().map(|&(truth, _)| (truth, VOID));
        let mut all = self.cells.iter().map(|&(truth, predicted, _)| (truth, predicted)).chain(unmapped);
        match all.find(|cell| unknown(cell.0) || unknown(cell.1) && cell.1 != VOID) {
            None => Ok(()),
            Some((truth, predicted)) => Err(format!(
                "true class {truth}, predicted class {predicted}: expected classes below {classes}"
            )),
        }
    }
}

/// Bytes of one stored cell.
const CELL: usize = 6;
