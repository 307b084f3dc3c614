//! What a run tells: how far it has come while it goes, one line of `metrics.jsonl` per step for later.

use crate::Result;
use crate::config::{GroupLr, Job, Progress};
use crate::error::at;
use crate::events::Events;
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

/// Shows and writes the metrics.
pub(crate) struct Monitor {
    file: File,
    events: Events,
    path: PathBuf,
    smoothed: Option<f64>,
}

impl Monitor {
    /// A monitor that goes on after the steps of `kept`.
    pub(crate) fn start(job: &Job<'_>, kept: &[Metrics]) -> Result<Self> {
        let done = kept.last().map_or(0, |last| last.step);
        tell(job, Progress { done, steps: job.config.steps, loss: None, lr: None });
        Self::at(&job.metrics_path(), kept)
    }

    fn at(path: &Path, kept: &[Metrics]) -> Result<Self> {
        let lines: String = kept.iter().map(line).collect();
        crate::checkpoint::write_atomic(path, lines.as_bytes())?;
        let events = Events::start(path.parent().unwrap_or(Path::new(".")), kept)?;
        let file = OpenOptions::new().append(true).open(path).map_err(at(path))?;
        Ok(Self { file, events, path: path.to_path_buf(), smoothed: None })
    }

    /// Notes one finished step.
    pub(crate) fn step(&mut self, job: &Job<'_>, metrics: &Metrics) -> Result<()> {
        let loss = self.note(metrics)?;
        let lr = GroupLr { backbone: metrics.lr_backbone, head: metrics.lr_head };
        tell(job, Progress { done: metrics.step, steps: job.config.steps, loss: Some(loss), lr: Some(lr) });
        tracing::debug!("{}: step {}, loss {:.4}, smoothed {loss:.4}", job.label, metrics.step, metrics.loss);
        if let Some(miou) = metrics.miou {
            tracing::info!(
                "{} (seed {}): validated after step {}, mIoU {:.1} %",
                job.label,
                job.config.seed,
                metrics.step,
                100.0 * miou
            );
        }
        Ok(())
    }

    /// Writes the metrics; gives the smoothed loss.
    fn note(&mut self, metrics: &Metrics) -> Result<f64> {
        self.file.write_all(line(metrics).as_bytes()).map_err(at(&self.path))?;
        self.events.step(metrics)?;
        let smoothed = self.smoothed.map_or(metrics.loss, |old| 0.95 * old + 0.05 * metrics.loss);
        self.smoothed = Some(smoothed);
        Ok(smoothed)
    }
}

fn tell(job: &Job<'_>, progress: Progress) {
    if let Some(hears) = job.progress {
        hears(&progress);
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
        let mut monitor = Monitor::at(&path, &kept).unwrap();
        monitor.note(&at(3)).unwrap();
        assert_eq!(read_metrics(&path).unwrap(), [at(1), at(2), at(3)]);
    }
}
