//! Files of thresholds, for `scribe gate --file` and `scribe report --gate`.

use super::scored_run::read_run;
use anyhow::{Context, bail};
use scribe_analysis::Bootstrap;
use scribe_analysis::gate::{GateFile, GateResult, GateSettings, gate};
use std::path::{Path, PathBuf};

/// Reads a file of thresholds. The path of its baseline, which is relative to the file, comes back as one that can be
/// opened.
pub(crate) fn read(path: &Path) -> anyhow::Result<(GateFile, Option<PathBuf>)> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| name.clone())?;
    let file = GateFile::parse(&text, &name)?;
    let against = file.against.as_ref().map(|against| path.parent().unwrap_or(Path::new("")).join(against));
    Ok((file, against))
}

/// The verdicts on a run by a file alone.
pub(crate) fn judge(run: &Path, path: &Path) -> anyhow::Result<GateResult> {
    let (file, against) = read(path)?;
    let settings = GateSettings {
        bootstrap: at_level(file.alpha, GateSettings::default().bootstrap)?,
        baseline_model: file.against_model.clone(),
        ..GateSettings::default()
    };
    let thresholds = file.thresholds()?;
    let run = read_run(run)?;
    let baseline = against.as_deref().map(read_run).transpose()?;
    gate(&run, baseline.as_ref(), &thresholds, &settings).with_context(|| path.display().to_string())
}

/// The resamples, with intervals of 1 - 2 alpha.
///
/// # Errors
/// A level that is not between 0 and 0.5.
pub(crate) fn at_level(alpha: Option<f64>, usual: Bootstrap) -> anyhow::Result<Bootstrap> {
    match alpha {
        None => Ok(usual),
        Some(alpha) if alpha > 0.0 && alpha < 0.5 => Ok(Bootstrap { level: 1.0 - 2.0 * alpha, ..usual }),
        Some(alpha) => bail!("alpha {alpha}: expected a level between 0 and 0.5, such as 0.05"),
    }
}
