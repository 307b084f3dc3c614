//! How many pixels of each class the training labels hold: what the paper's sentence on label frequency is tested against.

use crate::recipe::Recipe;
use crate::run_dir::RunDir;
use anyhow::{Context, bail};
use rayon::prelude::*;
use scribe_dataset::{CLASSES, Split};
use scribe_records::DataIdentity;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The counts as they lie in the run's folder.
#[derive(Serialize, Deserialize)]
struct LabelPixels {
    /// Which labels were counted.
    data: String,
    /// Pictures in the training list.
    pictures: usize,
    /// Digest of the pictures and labels.
    #[serde(default)]
    data_sha256: String,
    /// Labelled pixels of each class; void is left out.
    pixels: Vec<u64>,
}

/// Counts the training labels once and keeps the counts beside the run's files.
///
/// Labels that are void in part of the pictures, or hold nothing but background, are warned of.
///
/// # Errors
/// When a label cannot be read, when all of them are void at every pixel, or when the file cannot be written.
pub fn count(
    recipe: &Recipe,
    run: &RunDir,
    train: &dyn Split,
    identity: &DataIdentity,
) -> anyhow::Result<()> {
    let path = run.label_pixels();
    let (data, data_sha256, ids) = (toml::to_string(&recipe.data)?, identity.digest(), train.ids());
    if let Some(old) = stored(&path).filter(|old| old.data == data && old.data_sha256 == data_sha256) {
        return check_learnable(&old.pixels, ids.len());
    }
    let void = AtomicUsize::new(0);
    let bar = crate::progress::bar("labels", ids.len() as u64, "pictures");
    let of_picture = |id| -> anyhow::Result<Vec<u64>> {
        let mut counts = vec![0u64; CLASSES];
        for label in train.load_label(id)?.as_raw() {
            if let Some(count) = counts.get_mut(usize::from(*label)) {
                *count += 1;
            }
        }
        void.fetch_add(usize::from(counts.iter().sum::<u64>() == 0), Ordering::Relaxed);
        bar.inc(1);
        Ok(counts)
    };
    let add = |mut a: Vec<u64>, b: Vec<u64>| {
        a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        a
    };
    let pixels = ids
        .par_iter()
        .map(of_picture)
        .try_reduce(|| vec![0; CLASSES], |a, b| Ok(add(a, b)))
        .context("counting the training labels")?;
    bar.finish();
    check_learnable(&pixels, ids.len())?;
    let void = void.into_inner();
    if void > 0 {
        tracing::warn!("{void} of {} training labels are void (255) at every pixel", ids.len());
    }
    let counted = LabelPixels { data, pictures: ids.len(), data_sha256, pixels };
    Ok(scribe_dataset::write_atomically(&path, serde_json::to_string_pretty(&counted)?.as_bytes())?)
}

/// Fails where there is nothing to learn.
fn check_learnable(pixels: &[u64], pictures: usize) -> anyhow::Result<()> {
    if pixels.iter().sum::<u64>() == 0 {
        bail!(
            "the training labels of all {pictures} pictures are void (255) at every pixel, so there is nothing to \
             learn (expected classes, 0 to 20; `scribe data check` counts them)"
        );
    }
    if pixels.iter().skip(1).all(|&count| count == 0) {
        tracing::warn!(
            "no training label holds a class but background (0); void is 255, classes are 1 to 20"
        );
    }
    Ok(())
}

/// The counts of an earlier [`count`]; `None` where there are none.
pub fn read(run: &RunDir) -> Option<Vec<u64>> {
    stored(&run.label_pixels()).map(|counted| counted.pixels)
}

fn stored(path: &Path) -> Option<LabelPixels> {
    serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
}
