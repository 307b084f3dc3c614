//! Hashes of a run's pictures and labels.

use crate::progress;
use anyhow::Context;
use rayon::prelude::*;
use scribe_dataset::{ImageId, Split};
use scribe_records::{DataIdentity, PictureIdentity};
use std::time::Instant;

/// Hashes the files of `ids`, on every core: reading is most of the work.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn identity(list: &str, split: &dyn Split, ids: &[ImageId]) -> anyhow::Result<DataIdentity> {
    let started = Instant::now();
    let bar = progress::bar("hashing", ids.len() as u64, "pictures");
    let of_picture = |id: &ImageId| -> anyhow::Result<PictureIdentity> {
        let hashes = split.hashes(id).with_context(|| format!("picture {id} of the list {list}"))?;
        bar.inc(1);
        Ok(PictureIdentity { id: id.to_string(), picture_sha256: hashes.picture, label_sha256: hashes.label })
    };
    let pictures = ids.par_iter().map(of_picture).collect::<anyhow::Result<_>>()?;
    bar.finish_and_clear();
    let seconds = started.elapsed().as_secs_f64();
    tracing::debug!("list {list}: {} pictures and label maps hashed in {seconds:.2} s", ids.len());
    Ok(DataIdentity { list: list.to_owned(), pictures })
}
