//! How much memory the results of a store may take, by its size.

use crate::error::{Error, Result};
use scribe_records::{Confusion, LogitMoments, MomentDetail, Store};
use std::path::PathBuf;

/// Bytes that any store may ask for: a trial with few pixels has hardly any bytes for each series and condition, and a confusion
/// of 254 classes takes half a megabyte for each. These are enough for 13 models of them under 76 conditions.
const ALWAYS: u64 = 512 << 20;
/// Further bytes for each byte of the store. A confusion of one image takes six bytes for each of its cells, and is added
/// to one of all pairs of classes.
const FOR_EACH_BYTE: u64 = 128;

/// What is left of the memory.
pub(super) struct Budget {
    path: PathBuf,
    most: u64,
    left: u64,
}

impl Budget {
    /// All of it.
    pub(super) fn of(store: &Store) -> Budget {
        let most = ALWAYS.saturating_add(store.bytes().saturating_mul(FOR_EACH_BYTE));
        Budget { path: store.path().to_owned(), most, left: most }
    }

    /// Takes what a confusion of so many classes needs.
    ///
    /// # Errors
    /// [`Error::Claims`].
    pub(super) fn confusion(&mut self, classes: usize) -> Result<()> {
        self.take(size_of::<Confusion>() + 8 * classes * (classes + 1))
    }

    /// Takes what these moments need.
    ///
    /// # Errors
    /// [`Error::Claims`].
    pub(super) fn moments(&mut self, moments: &LogitMoments) -> Result<()> {
        let k = moments.channels();
        let matrices = if moments.detail() == MomentDetail::ByClass { k } else { 1 };
        self.take(8 * (k * (k + 1) + matrices * k * (k + 1) / 2))
    }

    fn take(&mut self, bytes: usize) -> Result<()> {
        let refused = || Error::Claims { path: self.path.clone(), most: self.most };
        self.left = self.left.checked_sub(bytes as u64).ok_or_else(refused)?;
        Ok(())
    }
}
