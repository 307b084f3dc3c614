//! `scribe data`: draw, describe, check or fetch data.

mod check;
mod frost;
mod init;
mod skeleton;
mod synth;

use clap::{Args, Subcommand};

/// Draw, describe, check or fetch data.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe data synth drawn --train 240 --val 24
  scribe data init MY_VOC --out mine.toml
  scribe data check VOCdevkit/VOC2012 --split val
  scribe data frost")]
pub(crate) struct Data {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Draw a small set in VOC's layout
    Synth(synth::Synth),
    /// Write a recipe for a folder of pictures and label maps, to be read and corrected
    Init(init::Init),
    /// Look at every picture and label of a set
    Check(check::Check),
    /// Fetch the six pictures that frost needs
    Frost(frost::Frost),
}

impl Data {
    /// Does what was asked.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        match &self.what {
            What::Synth(synth) => synth.run(),
            What::Init(init) => init.run(),
            What::Check(check) => check.run(),
            What::Frost(frost) => frost.run(),
        }
    }
}
