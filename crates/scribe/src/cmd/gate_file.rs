//! Files of thresholds, for `scribe gate --file` and `scribe report --gate`.

use super::scored_run::read_run;
use anyhow::Context;
use scribe_analysis::Bootstrap;
use scribe_analysis::gate::{GateFile, GateResult, GateSettings, gate};
use scribe_base::text_file;
use std::path::{Path, PathBuf};

/// Reads a file of thresholds. The path of its baseline, which is relative to the file, comes back as one that can be
/// opened.
pub(crate) fn read(path: &Path) -> anyhow::Result<(GateFile, Option<PathBuf>)> {
    let name = path.display().to_string();
    let text = text_file::read_argument(path, text_file::DESCRIPTION).with_context(|| name.clone())?;
    let file = GateFile::parse(&text, &name)?;
    let against = file.against.as_ref().map(|against| path.parent().unwrap_or(Path::new("")).join(against));
    Ok((file, against))
}

/// The verdicts on a run by a file alone.
pub(crate) fn judge(run: &Path, path: &Path) -> anyhow::Result<GateResult> {
    let (file, against) = read(path)?;
    let settings = GateSettings {
        bootstrap: at_level(file.alpha, None, GateSettings::default().bootstrap),
        baseline_model: file.against_model.clone(),
        ..GateSettings::default()
    };
    let thresholds = file.thresholds()?;
    let run = read_run(run)?;
    let baseline = against.as_deref().map(read_run).transpose()?;
    gate(&run, baseline.as_ref(), &thresholds, &settings).with_context(|| path.display().to_string())
}

/// Resamples for intervals of 1 - 2 alpha: as many as were asked for, else the usual number or, where the level needs
/// more, so many. Whether they can be used, [`Bootstrap::check`] says.
pub(crate) fn at_level(alpha: Option<f64>, resamples: Option<usize>, usual: Bootstrap) -> Bootstrap {
    let how = Bootstrap { level: alpha.map_or(usual.level, |alpha| 1.0 - 2.0 * alpha), ..usual };
    Bootstrap { resamples: resamples.unwrap_or(how.resamples.max(how.fewest())), ..how }
}
