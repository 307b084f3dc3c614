//! The settings of a training.

use crate::parameter::GroupLr;
use crate::schedule::Poly;
use crate::{Error, Result};
use scribe_dataset::{LoaderConfig, TrainView};

/// The settings of one training. None has a default.
#[derive(Clone, Debug)]
pub struct TrainConfig {
    /// Augmentation.
    pub view: TrainView,
    /// Images per step, over all processes.
    pub batch: usize,
    /// Steps in all.
    pub steps: u64,
    /// The learning rates at the start.
    pub lr: GroupLr,
    /// The momentum of SGD.
    pub momentum: f64,
    /// The weight decay, which applies to every parameter.
    pub weight_decay: f64,
    /// The schedule of the learning rates.
    pub poly: Poly,
    /// The seed of data order, augmentation and dropout.
    pub seed: u64,
    /// The number of steps from one checkpoint to the next.
    pub checkpoint_every: u64,
    /// The number of threads of the loader.
    pub loader_threads: usize,
    /// Whether batch norm takes its statistics over the images of all processes. Otherwise each process takes its own.
    pub sync_batch_norm: bool,
}

impl TrainConfig {
    /// The steps of one epoch over `images` images. A last batch that is not full is dropped.
    pub fn epoch_steps(&self, images: usize) -> u64 {
        (images / self.batch.max(1)).max(1) as u64
    }

    /// Checks that `processes` processes can train with `images` images.
    ///
    /// # Errors
    /// [`Error::ShortList`] says how many images a step takes and the list has; [`Error::Setting`] names the first other value
    /// that cannot work.
    pub fn check(&self, images: usize, processes: usize) -> Result<()> {
        let wrong =
            |name, value: usize, expected| Err(Error::Setting { name, value: value.to_string(), expected });
        if self.batch == 0 {
            return wrong("batch", 0, "at least one picture");
        }
        if images < self.batch {
            return Err(Error::ShortList { batch: self.batch, pictures: images });
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
