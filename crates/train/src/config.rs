//! What a training needs to know.

use crate::group::{Collective, part};
use crate::schedule::Poly;
use crate::validate::Validation;
use crate::{Error, Identity, Result};
use scribe_dataset::{LoaderConfig, Split, TrainView};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Starting learning rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupLr {
    /// Of the backbone.
    pub backbone: f64,
    /// Of ASPP, decoder and classifier.
    pub head: f64,
}

/// The settings of one training; every one must be given.
#[derive(Clone, Debug)]
pub struct TrainConfig {
    /// Augmentation.
    pub view: TrainView,
    /// Pictures per step, over all processes.
    pub batch: usize,
    /// Steps in all.
    pub steps: u64,
    /// Starting learning rates.
    pub lr: GroupLr,
    /// Momentum.
    pub momentum: f64,
    /// Weight decay, on every parameter.
    pub weight_decay: f64,
    /// The schedule.
    pub poly: Poly,
    /// Seed of data order, augmentation and dropout.
    pub seed: u64,
    /// A checkpoint every so many steps.
    pub checkpoint_every: u64,
    /// Threads of the loader.
    pub loader_threads: usize,
    /// Whether batch norm takes its statistics over the pictures of all processes. Else each process takes its own.
    pub sync_batch_norm: bool,
}

impl TrainConfig {
    /// Steps of one epoch over `images` pictures; the last, partial batch is dropped.
    pub fn epoch_steps(&self, images: usize) -> u64 {
        (images / self.batch.max(1)).max(1) as u64
    }

    /// Checks that `processes` processes can train with `images` pictures.
    ///
    /// # Errors
    /// [`Error::Setting`] names the first value that cannot work.
    pub fn check(&self, images: usize, processes: usize) -> Result<()> {
        let wrong =
            |key, value: usize, expected| Err(Error::Setting { key, value: value.to_string(), expected });
        if self.batch == 0 {
            return wrong("batch", 0, "at least one picture");
        }
        if images < self.batch {
            return wrong("batch", self.batch, "no more pictures than the training list has");
        }
        if self.batch < processes {
            return wrong("batch", self.batch, "at least one picture for each process");
        }
        let smallest = self.batch / processes;
        if processes > 1 && smallest < 2 && !self.sync_batch_norm {
            let expected =
                "at least two pictures for each process, or sync_batch_norm: batch statistics need them";
            return wrong("batch", self.batch, expected);
        }
        if self.steps == 0 || self.checkpoint_every == 0 {
            return wrong("steps", 0, "at least one step, and one step between checkpoints");
        }
        Ok(())
    }

    pub(crate) fn loader(&self, first_step: u64) -> LoaderConfig {
        LoaderConfig {
            view: self.view,
            batch: self.batch,
            seed: self.seed,
            first_step,
            end_step: self.steps,
            threads: self.loader_threads,
        }
    }
}

/// How far a training has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Finished steps.
    pub done: u64,
    /// Steps in all.
    pub steps: u64,
    /// The loss, smoothed over about twenty steps; `None` before this call's first step.
    pub loss: Option<f64>,
    /// The learning rates of the last step.
    pub lr: Option<GroupLr>,
}

/// One training: what, on which pictures, into which folder.
pub struct Job<'a> {
    /// Shown beside the progress bar.
    pub label: &'a str,
    /// Everything that decides the outcome; its digest is kept in checkpoints.
    pub identity: &'a Identity,
    /// The folder of this training.
    pub dir: &'a Path,
    /// The settings.
    pub config: &'a TrainConfig,
    /// The pictures.
    pub data: Arc<dyn Split>,
    /// Clean pictures to validate on.
    pub validation: Option<&'a Validation<'a>>,
    /// Hears how far the training has come: once before the first step, then after each. Rank 0 alone tells.
    pub progress: Option<&'a (dyn Fn(&Progress) + Sync)>,
    /// Raised by Ctrl-C: the step at hand is finished and saved.
    pub stop: &'a AtomicBool,
    /// The processes that train together; [`crate::group::Alone`] for one.
    pub group: Arc<dyn Collective>,
}

impl Job<'_> {
    /// Whether this process writes files and validates.
    pub(crate) fn leads(&self) -> bool {
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
