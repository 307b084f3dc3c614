//! `scribe gate`: judges a run by thresholds, alone and against a baseline run.

use super::gate_arguments::Against;
use super::gate_file;
use super::output::{print, say};
use super::output_file;
use super::scored_run::read_run;
use anyhow::bail;
use clap::Args;
use scribe_analysis::gate::{self, GateResult, GateSettings, Threshold, ThresholdKind, gate};
use std::path::PathBuf;
use std::process::ExitCode;

/// Judge a run by thresholds: exit code 0 where all hold, 1 where one does not.
///
/// A threshold is judged by the value and by the bound of its interval, so that a run passes only where its pictures establish it.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe gate runs/smoke --min 'rPC>=60' --max-drop 'fog:3<=20'
  scribe gate runs/new --max-loss 'mPC<=1' --against runs/old
  scribe gate runs/smoke --file gate.toml --junit gate.xml --markdown gate.md
A threshold: [MEASURE][@MODEL][/CLASS][:CONDITION[:SEVERITY]] OP VALUE
  rPC>=60              mPC@ibe>=45           miou:weather>=40
  iou/person:fog>=30   severity:3<=25        accuracy:clean>=90
MEASURE is miou unless named; every model must pass unless one is named.
CONDITION: clean, corrupted, a corruption, a group, or severity:N. Unnamed
it is corrupted for mPC, rPC, mCE, slope, worst_corruption and --max-drop,
clean for all others. VALUE is in percent points; ece and its like are in the
unit of measures.csv.
--max-loss tests that a model is not worse by VALUE, --equivalent that it
differs by no more (two one-sided tests). Runs are compared picture by
picture, and refused where their inputs differ, or where one was filled by a
loop in Python, which leaves no hashes of label maps. --file FILE is TOML,
with the kinds of thresholds as lists; its other keys are against (relative
to the file), against-model and alpha. Mode, reference, resamples, --sequence
and --point are options alone.
  against = \"../runs/old\"
  min = [\"rPC>=60\"]
  max-loss = [\"mPC<=1\"]
METHODOLOGY.md defines every measure and test. Exit codes: 0 all hold,
1 one does not, 2 nothing was judged, such as for an unknown name.")]
pub(crate) struct Gate {
    /// The run's folder
    run: PathBuf,
    /// A least value, such as 'rPC>=60'; may be repeated, as the other thresholds may
    #[arg(long, value_name = "THRESHOLD")]
    min: Vec<String>,
    /// A largest value, such as 'ece:corrupted<=0.15'
    #[arg(long, value_name = "THRESHOLD")]
    max: Vec<String>,
    /// A largest drop from clean pictures, such as 'fog:3<=20'
    #[arg(long, value_name = "THRESHOLD")]
    max_drop: Vec<String>,
    /// A largest loss against the baseline (non-inferiority), such as 'mPC<=1'
    #[arg(long, value_name = "THRESHOLD")]
    max_loss: Vec<String>,
    /// A least gain over the baseline (superiority), such as 'mPC>=0.5'
    #[arg(long, value_name = "THRESHOLD")]
    min_gain: Vec<String>,
    /// A largest difference to the baseline, either way (equivalence), such as 'miou:clean<=1'
    #[arg(long, value_name = "THRESHOLD")]
    equivalent: Vec<String>,
    /// Thresholds in a TOML file, judged before those of the command line
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    against: Against,
    /// Judge the values alone, without the bounds of their intervals
    #[arg(long)]
    point: bool,
    /// Write the verdicts as JUnit XML too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the verdicts as Markdown too, for the summary of a CI job
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

impl Gate {
    /// Prints the verdicts. The exit code says whether all thresholds hold.
    ///
    /// # Errors
    /// When standard output was closed.
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let judged = self.judge().and_then(|result| self.write(&result).map(|()| result));
        let result = match judged {
            Ok(result) => result,
            Err(error) => return Ok(misuse(&error)),
        };
        match print(&gate::text(&result)) {
            Ok(()) => Ok(ExitCode::from(u8::from(result.failures() > 0))),
            Err(closed) if closed.is_closed() => Err(closed.into()),
            // Exit code 1 would mean that a threshold does not hold.
            Err(error) => Ok(misuse(&error.into())),
        }
    }

    fn judge(&self) -> anyhow::Result<GateResult> {
        let (file, against) = self.file.as_deref().map(gate_file::read).transpose()?.unwrap_or_default();
        let mut thresholds = file.thresholds()?;
        for kind in ThresholdKind::ALL {
            for text in self.texts(kind) {
                thresholds.push(Threshold::parse(kind, text)?);
            }
        }
        if let (Some(junit), Some(markdown)) = (&self.junit, &self.markdown)
            && std::path::absolute(junit)? == std::path::absolute(markdown)?
        {
            bail!("{}: --junit and --markdown name the same file; expected one for each", junit.display());
        }
        for (option, path) in [("--junit", &self.junit), ("--markdown", &self.markdown)] {
            path.as_deref().map(|path| output_file::refuse_store(option, path)).transpose()?;
        }
        if thresholds.is_empty() {
            bail!("no threshold: give one, such as --min 'rPC>=60', or a file of them with --file");
        }
        let baseline = self.against.against.clone().or(against);
        let usual = GateSettings::default().bootstrap;
        let settings = GateSettings {
            bootstrap: self.against.bootstrap(file.alpha, usual),
            by_point: self.point,
            mode: self.against.mode()?,
            reference: self.against.reference.clone(),
            baseline_model: self.against.against_model.clone().or(file.against_model),
        };
        let run = read_run(&self.run)?;
        let baseline = baseline.as_deref().map(read_run).transpose()?;
        Ok(gate(&run, baseline.as_ref(), &thresholds, &settings)?)
    }

    fn texts(&self, kind: ThresholdKind) -> &[String] {
        match kind {
            ThresholdKind::Min => &self.min,
            ThresholdKind::Max => &self.max,
            ThresholdKind::MaxDrop => &self.max_drop,
            ThresholdKind::MaxLoss => &self.max_loss,
            ThresholdKind::MinGain => &self.min_gain,
            ThresholdKind::Equivalent => &self.equivalent,
        }
    }

    fn write(&self, result: &GateResult) -> anyhow::Result<()> {
        let files = [(&self.junit, gate::junit(result)), (&self.markdown, gate::to_markdown(result))];
        for (path, text) in files {
            if let Some(path) = path {
                scribe_base::atomic_file::write(path, text.as_bytes())?;
            }
        }
        Ok(())
    }
}

/// Says what kept the run from being judged, and gives the exit code of that.
pub(super) fn misuse(error: &anyhow::Error) -> ExitCode {
    say(&format!("error: {error:#}"));
    ExitCode::from(2)
}
