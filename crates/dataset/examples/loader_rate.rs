//! Times the prefetching loader: `cargo run --release -p scribe-dataset --example loader_rate -- VOC_FOLDER LIST THREADS [BATCHES]`.
//!
//! Batches of 30 as the authors train: decoded, scaled, jittered and cropped to 224.

use scribe_dataset::{Jitter, LabelFolder, Loader, LoaderConfig, Scale, TrainView, VocSplit};
use std::error::Error;
use std::io::{Write, stdout};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, list, threads, rest @ ..] = arguments.as_slice() else {
        return Err("expected VOC_FOLDER LIST THREADS [BATCHES]".into());
    };
    let threads: usize = threads.parse()?;
    let batches: u64 = rest.first().map_or(Ok(40), |n| n.parse())?;
    let jitter = Jitter { brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1 };
    let view = TrainView {
        scale: Scale::ShortSide { min: 112, max: 448 },
        crop: 224,
        jitter: Some(jitter),
        flip: false,
    };
    let split = Arc::new(VocSplit::open(Path::new(folder), list, LabelFolder::Auto)?);
    let config = LoaderConfig { view, batch: 30, seed: 1, first_step: 0, end_step: batches, threads };
    let start = Instant::now();
    let mut images = 0;
    for batch in Loader::new(split, config)? {
        images += batch?.ids.len();
    }
    let rate = images as f64 / start.elapsed().as_secs_f64();
    writeln!(stdout(), "{images} images, {rate:.0} a second, {:.0} per thread", rate / threads as f64)?;
    Ok(())
}
