//! What a run tells: a progress bar while it goes, one line of `metrics.jsonl` per step for later.

use crate::Result;
use crate::error::at;
use crate::events::Events;
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// One line of `metrics.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Finished steps.
    pub step: u64,
    /// The epoch the step belongs to, from 0.
    pub epoch: u64,
    /// The step's loss.
    pub loss: f64,
    /// Learning rate of the backbone.
    pub lr_backbone: f64,
    /// Learning rate of the head.
    pub lr_head: f64,
    /// Clean mIoU in `[0, 1]` on the validation pictures, where this step ended with a validation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub miou: Option<f64>,
}

/// Reads `metrics.jsonl`; a last line that a kill cut off is left out.
///
/// # Errors
/// When the file exists and cannot be read.
pub fn read_metrics(path: &Path) -> Result<Vec<Metrics>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text.lines().map_while(|line| serde_json::from_str(line).ok()).collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(at(path)(error)),
    }
}

/// The metrics of the first `done` steps: what a resumed run keeps.
pub(crate) fn kept_metrics(path: &Path, done: u64) -> Result<Vec<Metrics>> {
    let mut metrics = read_metrics(path)?;
    metrics.retain(|m| m.step <= done);
    Ok(metrics)
}

/// The bar of a training of `steps` steps.
pub(crate) fn bar(label: &str, steps: u64) -> ProgressBar {
    let template = "{prefix:<10} {bar:28} {pos}/{len} steps  {per_sec}  {eta} left  {msg}";
    let style = ProgressStyle::with_template(template).expect("the template is a constant");
    ProgressBar::new(steps).with_prefix(label.to_string()).with_style(style)
}

/// Shows and writes the metrics.
pub(crate) struct Monitor {
    bar: ProgressBar,
    file: File,
    events: Events,
    path: PathBuf,
    smoothed: Option<f64>,
    batch: u64,
}

impl Monitor {
    /// A monitor on `bar` that goes on after the steps of `kept`.
    pub(crate) fn start(path: &Path, bar: ProgressBar, kept: &[Metrics], batch: usize) -> Result<Self> {
        let lines: String = kept.iter().map(line).collect();
        crate::checkpoint::write_atomic(path, lines.as_bytes())?;
        let events = Events::start(path.parent().unwrap_or(Path::new(".")), kept)?;
        let file = OpenOptions::new().append(true).open(path).map_err(at(path))?;
        bar.set_position(kept.last().map_or(0, |last| last.step));
        bar.reset_eta();
        Ok(Self { bar, file, events, path: path.to_path_buf(), smoothed: None, batch: batch as u64 })
    }

    /// Notes one finished step.
    pub(crate) fn step(&mut self, metrics: &Metrics) -> Result<()> {
        self.file.write_all(line(metrics).as_bytes()).map_err(at(&self.path))?;
        self.events.step(metrics)?;
        let smoothed = self.smoothed.map_or(metrics.loss, |old| 0.95 * old + 0.05 * metrics.loss);
        self.smoothed = Some(smoothed);
        let rate = self.bar.per_sec() * self.batch as f64;
        self.bar.set_message(format!(
            "loss {smoothed:.4}  {rate:.0} images/s  lr {:.2e}/{:.2e}",
            metrics.lr_backbone, metrics.lr_head
        ));
        self.bar.set_position(metrics.step);
        tracing::debug!(step = metrics.step, loss = metrics.loss, smoothed, "step");
        if let Some(miou) = metrics.miou {
            tracing::info!(step = metrics.step, miou, "validated");
        }
        Ok(())
    }

    /// Ends the bar.
    pub(crate) fn finish(&self) {
        self.bar.finish();
    }
}

fn line(metrics: &Metrics) -> String {
    let text = serde_json::to_string(metrics).expect("numbers serialise");
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_line_and_later_steps_are_dropped_on_resume() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("metrics.jsonl");
        let at = |step| Metrics { step, epoch: 0, loss: 1.5, lr_backbone: 0.1, lr_head: 1.0, miou: None };
        std::fs::write(&path, format!("{}{}{}{{\"step\":4,", line(&at(1)), line(&at(2)), line(&at(3))))
            .unwrap();
        let kept = kept_metrics(&path, 2).unwrap();
        let mut monitor = Monitor::start(&path, bar("t", 9), &kept, 1).unwrap();
        monitor.step(&at(3)).unwrap();
        assert_eq!(read_metrics(&path).unwrap(), [at(1), at(2), at(3)]);
    }
}
