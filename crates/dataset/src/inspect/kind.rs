//! Tells label maps from pictures, and one kind of label map from another.

use crate::decode::{Stored, read_raw_labels};
use std::collections::BTreeSet;
use std::path::Path;

/// The most colours that a label map of a known data set has; pictures have more.
const MOST_COLOURS: usize = 512;

/// What kind of label map a file may be, the most probable kind first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LabelKind {
    /// Grey values or palette indices of 8 bits.
    Bytes,
    /// Grey values of 16 bits.
    Words,
    /// Colours.
    Colours,
}

/// The kind of label map that a PNG file may be; `None` for a picture, or a file that cannot be read.
pub(super) fn label_kind(path: &Path) -> Option<LabelKind> {
    let raw = read_raw_labels(path, &|size, bytes| crate::Limits::default().check(path, size, bytes)).ok()?;
    match &raw.stored {
        // A grey picture has most of 256 values, and hardly ever the same one beside.
        Stored::Bytes(values) => is_flat(values).then_some(LabelKind::Bytes),
        Stored::Words(values) => is_flat(values).then_some(LabelKind::Words),
        Stored::Colours(colours) => {
            let different: BTreeSet<_> = colours.iter().take(1 << 20).collect();
            (different.len() <= MOST_COLOURS && is_flat(colours)).then_some(LabelKind::Colours)
        }
    }
}

/// Whether at least half of the neighbours are equal, as in areas of one class.
fn is_flat<T: PartialEq>(values: &[T]) -> bool {
    let equal = values.windows(2).filter(|pair| pair[0] == pair[1]).count();
    2 * equal >= values.len().saturating_sub(1)
}
