//! `scribe data`: draw, check or fetch data.

mod check;
mod frost;
mod synth;

use clap::{Args, Subcommand};

/// Draw, check or fetch data.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe data synth drawn --train 240 --val 24
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
            What::Check(check) => check.run(),
            What::Frost(frost) => frost.run(),
        }
    }
}
