//! Writes a small synthetic set: `cargo run --release --example write_synthetic -- FOLDER`.

use scribe_dataset::{LabelFolder, SynthConfig, VocSplit, check_dataset, write_synthetic};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(std::env::args().nth(1).ok_or("say which folder")?);
    let config =
        SynthConfig { train: 200, val: 60, width: 128, height: 96, classes: vec![1, 4, 7, 12, 15], seed: 1 };
    write_synthetic(&root, &config, &|_, _| {})?;
    let split = VocSplit::open(&root, "trainval", LabelFolder::Auto)?;
    let report = check_dataset(&split, &|_, _| {});
    if report.is_clean() { Ok(()) } else { Err(format!("{:?}", report.problems).into()) }
}
