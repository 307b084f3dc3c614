//! Writes a small synthetic set: `cargo run --release -p scribe-dataset --features synth --example write_synthetic -- FOLDER`.

use anyhow::{Context, ensure};
use scribe_dataset::{LabelFolder, SynthConfig, VocSplit, check_dataset, write_synthetic};
use std::path::PathBuf;

fn main() -> anyhow::Result<()> {
    let root = PathBuf::from(std::env::args().nth(1).context("expected FOLDER: the folder to write into")?);
    let config =
        SynthConfig { train: 200, val: 60, width: 128, height: 96, classes: vec![1, 4, 7, 12, 15], seed: 1 };
    write_synthetic(&root, &config, &|_, _| {})?;
    let split = VocSplit::open(&root, "trainval", LabelFolder::Auto)?;
    let report = check_dataset(&split, &|_, _| {});
    ensure!(report.is_clean(), "{:?}", report.problems);
    Ok(())
}
