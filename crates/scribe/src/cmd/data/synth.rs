//! `scribe data synth`: the drawn set alone.

use crate::cmd::output::print;
use anyhow::bail;
use clap::Args;
use scribe_dataset::{SynthConfig, write_synthetic};
use std::path::PathBuf;

/// Draw a small set in VOC's layout.
#[derive(Args)]
#[command(after_help = "Example:
  scribe data synth drawn --train 240 --val 24 --width 96 --height 72 \\
      --classes 3,8,12,15 --seed 2020")]
pub(crate) struct Synth {
    /// The folder to make; it must not exist or be empty
    out: PathBuf,
    /// Training pictures
    #[arg(long, default_value_t = 240)]
    train: usize,
    /// Validation pictures
    #[arg(long, default_value_t = 24)]
    val: usize,
    /// Width in pixels
    #[arg(long, default_value_t = 96)]
    width: u32,
    /// Height in pixels
    #[arg(long, default_value_t = 72)]
    height: u32,
    /// VOC class ids, 1 to 20
    #[arg(long, value_delimiter = ',', default_value = "3,8,12,15", value_parser = class)]
    classes: Vec<u8>,
    /// Same seed, same pictures
    #[arg(long, default_value_t = 2020)]
    seed: u64,
}

impl Synth {
    /// Draws.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        if self.out.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
            bail!("{}: expected a folder that does not exist or is empty", self.out.display());
        }
        let config = SynthConfig {
            train: self.train,
            val: self.val,
            width: self.width,
            height: self.height,
            classes: self.classes.clone(),
            seed: self.seed,
        };
        let bar = scribe::progress_bar("drawing", (self.train + self.val) as u64, "pictures");
        write_synthetic(&self.out, &config, &|done, _| bar.set_position(done as u64))?;
        bar.finish();
        Ok(print(&format!("{}: {} + {} pictures\n", self.out.display(), self.train, self.val))?)
    }
}

/// A class id, with or without a space after the comma before it.
fn class(text: &str) -> Result<u8, std::num::ParseIntError> {
    text.trim().parse()
}
