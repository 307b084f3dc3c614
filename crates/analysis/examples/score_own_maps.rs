//! Scores a folder of predicted label maps against a folder of true ones. Both hold one palette or 8-bit grey PNG of class
//! ids for each image, under the same names; 255 in a true one is ignored:
//! `cargo run --release -p scribe-robustness-analysis --example score_own_maps -- LABELS PREDICTIONS CLASSES`.

#![allow(clippy::print_stdout, reason = "the example answers on standard output")]

use anyhow::{Context, bail, ensure};
use scribe_analysis::{Bootstrap, Score, score_maps};
use scribe_dataset::{Limits, read_label_bytes};
use std::path::Path;

#[allow(dead_code, reason = "a test calls `score` alone")]
fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [labels, predictions, classes] = arguments.as_slice() else {
        bail!("expected LABELS PREDICTIONS CLASSES: two folders of PNG files, and a number")
    };
    let classes = classes.parse().with_context(|| format!("CLASSES is {classes:?} (expected a number)"))?;
    let Score { miou, images, .. } = score(Path::new(labels), Path::new(predictions), classes)?;
    println!("{images} images: mIoU {:.4}, 95 % interval {:.4} to {:.4}", miou.value, miou.low, miou.high);
    Ok(())
}

pub(crate) fn score(labels: &Path, predictions: &Path, classes: usize) -> anyhow::Result<Score> {
    let entries = std::fs::read_dir(labels).with_context(|| labels.display().to_string())?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "png"));
    // The order of a folder differs from machine to machine, and the draws go by the order.
    paths.sort();
    let read = |path: &Path| read_label_bytes(path, Limits::default());
    let mut maps = Vec::new();
    for path in &paths {
        let predicted = predictions.join(path.file_name().unwrap_or_default());
        let (truth, prediction) = (read(path)?, read(&predicted)?);
        let (size, expected) = (prediction.dimensions(), truth.dimensions());
        ensure!(size == expected, "{}: {size:?} pixels (expected {expected:?})", predicted.display());
        maps.push((truth.into_raw(), prediction.into_raw()));
    }
    let maps = maps.iter().map(|(truth, predicted)| (truth.as_slice(), predicted.as_slice()));
    Ok(score_maps(maps, classes, Some(255), &Bootstrap::STANDARD)?)
}
