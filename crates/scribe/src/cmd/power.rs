//! `scribe power`: how many pictures would show a difference between models.

use super::gate::misuse;
use super::gate_arguments::Against;
use super::output::print;
use super::scored_run::read_run;
use clap::Args;
use scribe_analysis::power::{self, PowerResult, PowerSettings, power};
use std::path::PathBuf;
use std::process::ExitCode;

/// Say how many pictures would show a difference between two models, from the spread of their paired difference in a run.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe power runs/smoke                   # clean mIoU, mPC, rPC; 1 point
  scribe power runs/smoke --of mPC@ibe --of iou/person:fog --difference 2
  scribe power runs/new --against runs/old --power 0.9
Numbers are written as in `scribe gate`, without a bound. Run it on a small
run before a large one: the spread of one picture is about the same.
Exit codes: 0 done, 2 nothing was computed, such as for an unknown name.")]
pub(crate) struct Power {
    /// The run's folder
    run: PathBuf,
    /// A number, such as mPC@ibe or iou/person:fog; may be repeated [default: miou:clean, mpc and rpc]
    #[arg(long, value_name = "NUMBER")]
    of: Vec<String>,
    /// The difference to be shown, in percent points
    #[arg(long, default_value_t = 1.0, value_name = "POINTS")]
    difference: f64,
    /// The probability with which it shall be shown, above alpha
    #[arg(long, default_value_t = 0.8, value_name = "P")]
    power: f64,
    #[command(flatten)]
    against: Against,
}

impl Power {
    /// Prints the numbers of pictures.
    ///
    /// # Errors
    /// When standard output was closed or is full.
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        match self.compute() {
            Ok(result) => {
                print(&power::text(&result))?;
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => Ok(misuse(&error)),
        }
    }

    fn compute(&self) -> anyhow::Result<PowerResult> {
        let usual = PowerSettings::default();
        let settings = PowerSettings {
            bootstrap: self.against.bootstrap(None, usual.bootstrap),
            power: self.power,
            difference: self.difference,
            mode: self.against.mode()?,
            reference: self.against.reference.clone(),
            baseline_model: self.against.against_model.clone(),
        };
        let run = read_run(&self.run)?;
        let baseline = self.against.against.as_deref().map(read_run).transpose()?;
        let usual = ["miou:clean", "mpc", "rpc"].map(str::to_owned);
        let of = if self.of.is_empty() { usual.to_vec() } else { self.of.clone() };
        Ok(power(&run, baseline.as_ref(), &of, &settings)?)
    }
}
