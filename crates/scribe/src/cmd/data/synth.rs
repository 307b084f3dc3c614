//! `scribe data synth`: the drawn set alone.

use crate::cmd::output::print;
use crate::cmd::whole::whole;
use anyhow::bail;
use clap::Args;
use scribe_base::human;
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
    #[arg(long, default_value_t = 240, value_name = "N", value_parser = whole::<usize>(0..=u64::MAX))]
    train: usize,
    /// Validation pictures
    #[arg(long, default_value_t = 24, value_name = "N", value_parser = whole::<usize>(0..=u64::MAX))]
    val: usize,
    /// Width in pixels
    #[arg(long, default_value_t = 96, value_name = "N", value_parser = whole::<u32>(1..=u64::from(u32::MAX)))]
    width: u32,
    /// Height in pixels
    #[arg(long, default_value_t = 72, value_name = "N", value_parser = whole::<u32>(1..=u64::from(u32::MAX)))]
    height: u32,
    /// VOC class ids, 1 to 20
    #[arg(long, value_delimiter = ',', default_value = "3,8,12,15", value_parser = whole::<u8>(1..=20))]
    classes: Vec<u8>,
    /// Same seed, same pictures
    #[arg(long, default_value_t = 2020, value_name = "N", value_parser = whole::<u64>(0..=u64::MAX))]
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
        let [train, val] = [(self.train, "training"), (self.val, "validation")]
            .map(|(n, of)| human::count(n, &format!("{of} picture")));
        Ok(print(&format!("{}: {train} and {val}\n", self.out.display()))?)
    }
}
