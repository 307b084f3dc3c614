//! How many pixels of each class the training labels hold, and which pictures they belong to. The report tests the paper's
//! sentence on the frequency of labels with these counts, and says which test pictures were trained on.

use super::run::Run;
use crate::progress;
use crate::run_dir::RunDir;
use anyhow::{Context, bail};
use rayon::prelude::*;
use scribe_base::atomic_file;
use scribe_dataset::{Classes, ImageId, Split};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;

/// The counts, as the file in the run's folder holds them.
#[derive(Serialize, Deserialize)]
struct LabelPixels {
    /// Which labels were counted.
    data: String,
    /// Pictures in the training list.
    pictures: usize,
    /// Digest of the pictures and labels.
    #[serde(default)]
    data_sha256: String,
    /// Labelled pixels of each class, without void.
    pixels: Vec<u64>,
    /// SHA-256 of each picture; files of earlier versions have none.
    #[serde(default)]
    pictures_sha256: BTreeSet<String>,
}

/// Counts the training labels once and keeps the counts in the run's folder.
///
/// Warns if some label maps are void at every pixel, and if no label map holds a class other than background.
///
/// # Errors
/// When a label cannot be read, when all of them are void at every pixel, or when the file cannot be written.
pub(super) fn count(run: &Run) -> anyhow::Result<()> {
    let (path, train) = (run.dir.label_pixels(), run.pictures()?.train()?);
    let data_sha256 = run.pictures()?.train_identity()?.digest();
    let listed = &run.pictures()?.train_identity()?.pictures;
    let (data, pictures) = (toml::to_string(&run.recipe.data)?, train.ids().len());
    if let Some(old) = stored(&path).filter(|old| old.data == data && old.data_sha256 == data_sha256) {
        return check_learnable(run.recipe.classes(), &old.pixels, pictures);
    }
    let (pixels, void) =
        count_labels(train.as_ref(), run.recipe.classes().len()).context("counting the training labels")?;
    check_learnable(run.recipe.classes(), &pixels, pictures)?;
    if void > 0 {
        tracing::warn!("{void} of {pictures} training labels are void at every pixel");
    }
    let pictures_sha256 = listed.iter().map(|picture| picture.picture_sha256.clone()).collect();
    let counted = LabelPixels { data, pictures, data_sha256, pixels, pictures_sha256 };
    Ok(atomic_file::write(&path, serde_json::to_string_pretty(&counted)?.as_bytes())?)
}

/// The counts of an earlier [`count`]; `None` where there are none.
pub(super) fn read(dir: &RunDir) -> Option<Vec<u64>> {
    stored(&dir.label_pixels()).map(|counted| counted.pixels)
}

/// The SHA-256 of the pictures that an earlier [`count`] was of; none where it did not keep them.
pub(super) fn pictures(dir: &RunDir) -> BTreeSet<String> {
    stored(&dir.label_pixels()).map(|counted| counted.pictures_sha256).unwrap_or_default()
}

/// The pixels of each class over all pictures, and the number of labels that are void at every pixel.
fn count_labels(train: &dyn Split, classes: usize) -> anyhow::Result<(Vec<u64>, usize)> {
    let bar = progress::bar("labels", train.ids().len() as u64, "pictures");
    let of_picture = |id: &ImageId| -> anyhow::Result<(Vec<u64>, usize)> {
        let mut counts = vec![0u64; classes];
        for label in train.load_label(id)?.as_raw() {
            if let Some(count) = counts.get_mut(usize::from(*label)) {
                *count += 1;
            }
        }
        let is_void = counts.iter().sum::<u64>() == 0;
        bar.inc(1);
        Ok((counts, usize::from(is_void)))
    };
    let add = |(mut counts, void): (Vec<u64>, usize), (more, more_void): (Vec<u64>, usize)| {
        counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        Ok((counts, void + more_void))
    };
    let counted = train.ids().par_iter().map(of_picture).try_reduce(|| (vec![0; classes], 0), add)?;
    bar.finish();
    Ok(counted)
}

/// Fails where there is nothing to learn.
fn check_learnable(classes: &Classes, pixels: &[u64], pictures: usize) -> anyhow::Result<()> {
    if pixels.iter().sum::<u64>() == 0 {
        bail!(
            "the training labels of all {pictures} pictures are void at every pixel, so there is nothing to learn \
             (expected the classes of `{}`; `scribe data check` counts them)",
            classes.name()
        );
    }
    let mut found = classes.names().zip(pixels).filter(|(_, count)| **count > 0);
    if let (Some((only, _)), None) = (found.next(), found.next()) {
        tracing::warn!("no training label holds a class but {only}; `scribe data check` counts the classes");
    }
    Ok(())
}

fn stored(path: &Path) -> Option<LabelPixels> {
    serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
}
