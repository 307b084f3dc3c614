//! Reports the progress of a training, and writes its metrics to files.

use crate::Result;
use crate::error::io_error;
use crate::events::Events;
use crate::files::write_atomic;
use crate::metrics::Metrics;
use crate::parameter::GroupLr;
use crate::training::{Progress, Training};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Reports and writes the metrics of each step.
pub(crate) struct Monitor {
    file: File,
    events: Events,
    path: PathBuf,
    smoothed: Option<f64>,
}

impl Monitor {
    /// A monitor that continues after the steps of `kept`.
    pub(crate) fn start(training: &Training<'_>, kept: &[Metrics]) -> Result<Self> {
        let done = kept.last().map_or(0, |last| last.step);
        report(training, Progress { done, steps: training.config.steps, loss: None, lr: None });
        Self::open(&training.metrics_path(), kept)
    }

    fn open(path: &Path, kept: &[Metrics]) -> Result<Self> {
        let lines: String = kept.iter().map(Metrics::line).collect();
        write_atomic(path, lines.as_bytes())?;
        let events = Events::start(path.parent().unwrap_or(Path::new(".")), kept)?;
        let file = OpenOptions::new().append(true).open(path).map_err(io_error(path))?;
        Ok(Self { file, events, path: path.to_path_buf(), smoothed: None })
    }

    /// Reports and writes one finished step.
    pub(crate) fn step(&mut self, training: &Training<'_>, metrics: &Metrics) -> Result<()> {
        let loss = self.write(metrics)?;
        let lr = GroupLr { backbone: metrics.lr_backbone, head: metrics.lr_head };
        report(
            training,
            Progress { done: metrics.step, steps: training.config.steps, loss: Some(loss), lr: Some(lr) },
        );
        tracing::debug!(
            "{}: step {}, loss {:.4}, smoothed {loss:.4}",
            training.label,
            metrics.step,
            metrics.loss
        );
        if let Some(miou) = metrics.miou {
            tracing::info!(
                "{}: validated after step {}, mIoU {:.1} %",
                training.label,
                metrics.step,
                100.0 * miou
            );
        }
        Ok(())
    }

    /// Writes the metrics, and returns the smoothed loss.
    fn write(&mut self, metrics: &Metrics) -> Result<f64> {
        self.file.write_all(metrics.line().as_bytes()).map_err(io_error(&self.path))?;
        self.events.step(metrics)?;
        let smoothed = self.smoothed.map_or(metrics.loss, |old| 0.95 * old + 0.05 * metrics.loss);
        self.smoothed = Some(smoothed);
        Ok(smoothed)
    }
}

fn report(training: &Training<'_>, progress: Progress) {
    if let Some(on_progress) = training.progress {
        on_progress(&progress);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{kept_metrics, read_metrics};

    #[test]
    fn a_cut_line_and_later_steps_are_dropped_on_resume() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("metrics.jsonl");
        let metrics =
            |step| Metrics { step, epoch: 0, loss: 1.5, lr_backbone: 0.1, lr_head: 1.0, miou: None };
        let lines: String = (1..=3).map(|step| metrics(step).line()).collect();
        std::fs::write(&path, lines + "{\"step\":4,").unwrap();
        let kept = kept_metrics(&path, 2).unwrap();
        let mut monitor = Monitor::open(&path, &kept).unwrap();
        monitor.write(&metrics(3)).unwrap();
        assert_eq!(read_metrics(&path).unwrap(), [metrics(1), metrics(2), metrics(3)]);
    }
}
