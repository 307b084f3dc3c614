//! One training with its data, its folder and its processes.

use crate::config::TrainConfig;
use crate::group::{Collective, part};
use crate::identity::Identity;
use crate::parameter::GroupLr;
use crate::validate::Validation;
use scribe_dataset::Split;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How far a training has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Finished steps.
    pub done: u64,
    /// Steps in all.
    pub steps: u64,
    /// The loss, smoothed over about twenty steps. `None` before the first step of this call.
    pub loss: Option<f64>,
    /// The learning rates of the last step.
    pub lr: Option<GroupLr>,
}

/// One training: its settings, its data and its folder.
pub struct Training<'a> {
    /// The name of the training in log messages.
    pub label: &'a str,
    /// What determines the result. Its digest is kept in checkpoints.
    pub identity: &'a Identity,
    /// The folder of this training.
    pub dir: &'a Path,
    /// The settings.
    pub config: &'a TrainConfig,
    /// The images with their label maps.
    pub data: Arc<dyn Split>,
    /// Clean images to validate on.
    pub validation: Option<&'a Validation<'a>>,
    /// Called on rank 0 with how far the training has come, once before the first step and then after each.
    pub progress: Option<&'a (dyn Fn(&Progress) + Sync)>,
    /// When it becomes true, as on Ctrl-C, the current step is finished and saved, and training stops.
    pub stop: &'a AtomicBool,
    /// The processes that train together; [`crate::group::SingleProcess`] for one.
    pub group: Arc<dyn Collective>,
}

impl Training<'_> {
    /// Whether this process is rank 0, which writes files and validates.
    pub(crate) fn is_rank_0(&self) -> bool {
        self.group.rank() == 0
    }

    /// The places of each batch that this process computes.
    pub(crate) fn part(&self) -> Range<usize> {
        part(self.config.batch, self.group.rank(), self.group.size())
    }

    pub(crate) fn network_path(&self) -> PathBuf {
        self.dir.join("model.safetensors")
    }

    pub(crate) fn metrics_path(&self) -> PathBuf {
        self.dir.join("metrics.jsonl")
    }
}
