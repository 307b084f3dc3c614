//! What `scribe gate` and `scribe power` share: the baseline, and the level of tests.

use super::gate_file::at_level;
use super::whole::whole;
use anyhow::Context;
use clap::Args;
use scribe_analysis::{Bootstrap, ModeChoice};
use std::path::PathBuf;

/// A baseline run, and how numbers are compared.
#[derive(Args)]
pub(crate) struct Against {
    /// The baseline run's folder
    #[arg(long, value_name = "RUN")]
    pub(crate) against: Option<PathBuf>,
    /// The baseline's model that every model is compared with [default: the one of the same id, or the only one]
    #[arg(long, value_name = "MODEL")]
    pub(crate) against_model: Option<String>,
    /// Level of every one-sided test, from 0.001; intervals have the level 1 - 2 alpha [default: 0.025, for 95 % intervals]
    #[arg(long, value_name = "ALPHA")]
    alpha: Option<f64>,
    /// Mode of every number, such as single or msc [default: the modes of Table 1]
    #[arg(long, value_name = "MODE")]
    mode: Option<String>,
    /// Model against which corruption errors (mce) are taken [default: the Baseline, else the first]
    #[arg(long, value_name = "MODEL")]
    pub(crate) reference: Option<String>,
    /// Resamples behind every interval, from 20 / alpha to 1000000; of n pictures at most the larger of 200000000 / n and 4000 [default: 1000 for gate, 4000 for power, or 20 / alpha if that is more]
    #[arg(long, value_name = "N", value_parser = whole::<u32>(1..=Bootstrap::MOST_RESAMPLES as u64))]
    resamples: Option<u32>,
    /// Neighbouring pictures, in the order of their ids, that every resample draws together: for frames of a video, more than
    /// stay alike [default: 1]
    #[arg(long, value_name = "N", value_parser = whole::<u32>(1..=1_000_000))]
    sequence: Option<u32>,
}

impl Against {
    /// The resamples, and the level of the command line, else of a file, else the usual one.
    pub(crate) fn bootstrap(&self, of_file: Option<f64>, usual: Bootstrap) -> Bootstrap {
        let how = at_level(self.alpha.or(of_file), self.resamples.map(|n| n as usize), usual);
        Bootstrap { sequence: self.sequence.map_or(usual.sequence, |n| n as usize), ..how }
    }

    /// The mode that is named.
    ///
    /// # Errors
    /// There is no such mode.
    pub(crate) fn mode(&self) -> anyhow::Result<Option<ModeChoice>> {
        let Some(name) = &self.mode else { return Ok(None) };
        let found = ModeChoice::OF_ONE_MODE.into_iter().find(|choice| choice.key() == name);
        let names: Vec<&str> = ModeChoice::OF_ONE_MODE.into_iter().map(ModeChoice::key).collect();
        found.map(Some).with_context(|| format!("--mode {name}: expected one of {}", names.join(", ")))
    }
}
