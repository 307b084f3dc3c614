//! Whether the images that a set was made from are still the same.

use crate::make::Maker;
use crate::manifest::{MANIFEST, Row};
use crate::{Error, Result};
use rayon::prelude::*;
use scribe_base::progress::OnProgress;
use scribe_dataset::ImageId;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Compares each image that has rows with the file that is in the data folder now.
///
/// `rows` are those of the first of `ids`, one for each condition of each.
///
/// # Errors
/// An image cannot be read, or is not the one of the manifest's `source_sha256`; the first is named.
pub(crate) fn check(
    maker: &Maker<'_>,
    ids: &[ImageId],
    rows: &[Row],
    progress: &OnProgress<'_>,
) -> Result<()> {
    let conditions = maker.set.conditions();
    let (done, all) = (AtomicUsize::new(0), rows.len() / conditions);
    // All rows of an image have the same source.
    let compare = |(id, rows): (_, &[Row])| {
        let found = maker.source_sha256(id);
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
        let said = rows[0].source_sha256.clone();
        found.map(|found| (found != said).then_some((id, found, said))).transpose()
    };
    let pairs = ids.par_iter().zip(rows.par_chunks_exact(conditions));
    let changed: Vec<(&ImageId, String, String)> = pairs.filter_map(compare).collect::<Result<_>>()?;
    let count = changed.len();
    match changed.into_iter().next() {
        None => Ok(()),
        Some((id, found, said)) => {
            let path = maker.out.join(MANIFEST);
            Err(Error::SourceChanged { path, id: id.clone(), count, said, found })
        }
    }
}
