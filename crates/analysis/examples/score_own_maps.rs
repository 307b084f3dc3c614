//! Scores a folder of predicted label maps against a folder of true ones. Both hold one 8-bit grey PNG of class ids for
//! each image, under the same names; 255 in a true one is ignored:
//! `cargo run --release --example score_own_maps -- LABELS PREDICTIONS CLASSES`.
#![allow(clippy::print_stdout, reason = "the example answers on standard output")]

use scribe_analysis::{Bootstrap, Score, score_maps};
use std::error::Error;
use std::path::Path;

#[allow(dead_code, reason = "a test calls `score` alone")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [labels, predictions, classes] = arguments.as_slice() else {
        return Err("expected LABELS PREDICTIONS CLASSES".into());
    };
    let Score { miou, images, .. } = score(Path::new(labels), Path::new(predictions), classes.parse()?)?;
    println!("{images} images: mIoU {:.4}, 95 % interval {:.4} to {:.4}", miou.value, miou.low, miou.high);
    Ok(())
}

pub(crate) fn score(labels: &Path, predictions: &Path, classes: usize) -> Result<Score, Box<dyn Error>> {
    let mut paths: Vec<_> =
        std::fs::read_dir(labels)?.map(|e| Ok(e?.path())).collect::<std::io::Result<_>>()?;
    // The order of a folder differs from machine to machine, and the draws go by the order.
    paths.sort();
    let map = |path: &Path| match image::open(path)? {
        image::DynamicImage::ImageLuma8(map) => Ok::<_, Box<dyn Error>>(map.into_raw()),
        other => Err(format!("{}: {:?}; expected 8-bit grey", path.display(), other.color()).into()),
    };
    let pair = |path: &Path| Ok((map(path)?, map(&predictions.join(path.file_name().unwrap_or_default()))?));
    let maps = paths.iter().map(|p| pair(p)).collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let maps = maps.iter().map(|(truth, predicted)| (truth.as_slice(), predicted.as_slice()));
    Ok(score_maps(maps, classes, Some(255), &Bootstrap::STANDARD)?)
}
