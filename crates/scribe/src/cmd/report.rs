//! `scribe report`: writes tables, figures and the report page from a store.

use super::gate_file;
use super::output::print;
use super::whole::whole;
use clap::Args;
use scribe::RunDir;
use scribe_analysis::{Bootstrap, ReportExtra};
use std::path::PathBuf;

/// Write tables, figures and report.html from a run's store.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe report runs/smoke
  scribe report runs/smoke --reference ibe --class dog
  scribe report runs/camvid-scratch --sequence 20  # frames of a video
  scribe report /mnt/theirs/runs/smoke --out smoke-report
  scribe report runs/smoke --gate gate.toml  # thresholds, as of scribe gate
conventions.csv scores the same maps as other papers and packages do: image
by image, the worst images, Dice, pixel accuracy and others.
No network, picture or GPU is needed: the store holds what was counted.")]
pub(crate) struct Report {
    /// The run's folder
    run: PathBuf,
    /// The folder to write into, where the run's own is read-only or somebody else's [default: RUN]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Id or name of the model against which corruption errors are taken [default: the Baseline, else the first]
    #[arg(long, value_name = "MODEL")]
    reference: Option<String>,
    /// Judge the thresholds of this TOML file (see `scribe gate --help`) and show the verdicts
    #[arg(long, value_name = "FILE")]
    gate: Option<PathBuf>,
    /// Resamples behind every interval, from 800 to 1000000; of n pictures at most the larger of 200000000 / n and 4000 [default: 1000]
    #[arg(long, value_name = "N", value_parser = whole::<u32>(1..=Bootstrap::MOST_RESAMPLES as u64))]
    resamples: Option<u32>,
    /// Neighbouring pictures, in the order of their ids, that every resample draws together: for frames of a video, more than
    /// stay alike [default: 1]
    #[arg(long, value_name = "N", value_parser = whole::<u32>(1..=1_000_000))]
    sequence: Option<u32>,
    /// Class of Figure 3 [default: the one most often predicted]
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// Picture of Figure 6 [default: the one with most stored conditions]
    #[arg(long, value_name = "IMAGE")]
    picture: Option<String>,
}

impl Report {
    /// Writes the files and prints both tables.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        if let Some(resamples) = self.resamples {
            Bootstrap { resamples: resamples as usize, ..Bootstrap::STANDARD }.check()?;
        }
        let gate = self.gate.as_deref().map(|file| gate_file::judge(&self.run, file)).transpose()?;
        let choices = ReportExtra {
            gate,
            reference: self.reference.clone(),
            resamples: self.resamples.map(|n| n as usize),
            sequence: self.sequence.map(|n| n as usize),
            fig3_class: self.class.clone(),
            fig6_image: self.picture.clone(),
            ..ReportExtra::default()
        };
        let out = self.out.as_ref().unwrap_or(&self.run);
        Ok(print(&scribe::report(&RunDir::new(self.run.clone()), out, choices)?)?)
    }
}
