//! One optimisation step.

use crate::checkpoint::Checkpoint;
use crate::config::TrainConfig;
use crate::group::{Collective, Statistics};
use crate::metrics::Metrics;
use crate::parameter::Parameter;
use crate::sgd::{Sgd, SgdConfig};
use crate::training::Training;
use crate::{Error, Result};
use candle_core::{Tensor, backprop::GradStore};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scribe_dataset::Batch;
use scribe_model::{LocalBatch, Model, input};
use std::sync::Arc;

/// The optimizer and the settings that a step needs.
pub(crate) struct Stepper {
    sgd: Sgd,
    config: TrainConfig,
    group: Arc<dyn Collective>,
    local: LocalBatch,
}

impl Stepper {
    pub(crate) fn new(training: &Training<'_>, model: &Model) -> Result<Self> {
        let parameters = model.parameters().trainable().map(|(name, var)| Parameter::named(name, var));
        let (group, config) = (training.group.clone(), training.config.clone());
        // Every step sets its own learning rates.
        let (momentum, weight_decay) = (config.momentum, config.weight_decay);
        let settings = SgdConfig { learning_rate: 0., momentum, weight_decay };
        let sgd = Sgd::with_groups(parameters.collect(), settings)?;
        let synchronised = group.size() > 1 && config.sync_batch_norm;
        let statistics = synchronised.then(|| Arc::new(Statistics(group.clone())) as _);
        let local = LocalBatch { first: training.part().start, global: config.batch, statistics };
        Ok(Self { sgd, config, group, local })
    }

    /// Restores network and optimizer from the newest intact checkpoint, and returns the number of finished steps.
    ///
    /// Only rank 0 looks for a checkpoint. The others take its state.
    pub(crate) fn resume(&mut self, training: &Training<'_>, model: &Model) -> Result<u64> {
        let mut done = 0;
        if training.is_rank_0()
            && let Some(checkpoint) = Checkpoint::newest(training.dir, training.identity)?
        {
            self.restore(training, model, &checkpoint)?;
            done = checkpoint.step;
            tracing::info!("{}: resuming after step {done}", training.label);
        }
        self.broadcast_state(training, model, done)
    }

    /// Gives the state of rank 0, after its `done` steps, to every other rank, and returns rank 0's `done`.
    pub(crate) fn broadcast_state(
        &mut self,
        training: &Training<'_>,
        model: &Model,
        done: u64,
    ) -> Result<u64> {
        if self.group.size() == 1 {
            return Ok(done);
        }
        let own = if training.is_rank_0() {
            self.checkpoint(training, model, done)?.to_bytes(training.dir)?
        } else {
            Vec::new()
        };
        let at_most = Checkpoint::most_bytes(model.parameters().named());
        let zeroth = Checkpoint::from_bytes(&self.group.broadcast_bytes(&own, at_most)?, training.dir)?;
        if !training.is_rank_0() {
            self.restore(training, model, &zeroth)?;
        }
        Ok(zeroth.step)
    }

    fn restore(&mut self, training: &Training<'_>, model: &Model, checkpoint: &Checkpoint) -> Result<()> {
        let damaged = |name: &str| Error::Damaged {
            path: training.dir.to_path_buf(),
            reason: format!("the state of step {} lacks '{name}' in the expected shape", checkpoint.step),
        };
        for (name, var) in model.parameters().named() {
            let kept = checkpoint.model.get(name).filter(|kept| kept.shape() == var.shape());
            let kept = kept.ok_or_else(|| damaged(name))?;
            var.set(&kept.to_device(var.device())?)?;
        }
        self.sgd.restore(&checkpoint.optimizer).map_err(|name| damaged(&name))
    }

    /// One step on this process's part of one batch; `step` counts from 0.
    pub(crate) fn step(
        &mut self,
        model: &Model,
        step: u64,
        batch: &Batch,
        epoch_steps: u64,
    ) -> Result<Metrics> {
        let config = &self.config;
        let factor = config.poly.factor(step, config.steps, epoch_steps);
        let lr = config.lr.scaled(factor);
        let (value, gradients) = self.gradients(model, step, batch)?;
        let Some(gradients) = gradients else {
            let images = batch.ids.iter().map(ToString::to_string).collect();
            return Err(Error::Diverged {
                step,
                loss: value,
                backbone_lr: lr.backbone,
                head_lr: lr.head,
                images,
            });
        };
        self.sgd.set_group_lr(lr);
        self.sgd.update(&gradients)?;
        Ok(Metrics {
            step: step + 1,
            epoch: step / epoch_steps,
            loss: value,
            lr_backbone: lr.backbone,
            lr_head: lr.head,
            miou: None,
        })
    }

    /// The loss of the global batch and its gradients. There are no gradients where the loss is not finite.
    fn gradients(
        &self,
        model: &Model,
        step: u64,
        batch: &Batch,
    ) -> Result<(f64, Option<Vec<Option<Tensor>>>)> {
        let (pixels, labels) = tensors(model, batch)?;
        let mut rng = generator(self.config.seed, step);
        let loss = model.record_loss(&pixels, &labels, &mut rng, &self.local)?;
        let mut weight = 1.;
        if self.group.size() > 1 {
            // The processes may count different numbers of pixels, and the loss is the mean over all of these.
            let counted = model.counted(&batch.labels) as f64;
            let all = self.group.sum_values(&[counted])?[0];
            weight = counted / all.max(1.);
        }
        // Beyond f32's range a loss counts as infinite, in a network of f64 too.
        let own = f64::from((loss.value() * weight) as f32);
        let value = self.group.sum_values(&[own])?[0];
        if !value.is_finite() {
            return Ok((value, None));
        }
        let gradients = self.all_reduce(&loss.gradients(weight)?)?;
        Ok((value, Some(gradients)))
    }

    /// The sums of the gradients over all processes.
    fn all_reduce(&self, gradients: &GradStore) -> Result<Vec<Option<Tensor>>> {
        let mut gradients = self.sgd.gradients(gradients)?;
        if self.group.size() == 1 {
            return Ok(gradients);
        }
        let own: Vec<Tensor> = gradients.iter().flatten().cloned().collect();
        let sums = self.group.sum(&own)?;
        gradients.iter_mut().flatten().zip(sums).for_each(|(gradient, sum)| *gradient = sum);
        Ok(gradients)
    }

    pub(crate) fn checkpoint(&self, training: &Training<'_>, model: &Model, step: u64) -> Result<Checkpoint> {
        let model = model.parameters().state()?;
        Ok(Checkpoint { step, digest: training.identity.state_digest(), model, optimizer: self.sgd.state() })
    }
}

/// The generator of a step's dropout. It follows from seed and step, so a resumed training draws the same.
fn generator(seed: u64, step: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(step);
    rng
}

fn tensors(model: &Model, batch: &Batch) -> Result<(Tensor, Tensor)> {
    let device = model.parameters().device();
    let [n, _, height, width] = batch.shape;
    let pictures: Vec<&[u8]> = batch.pixels.chunks_exact((3 * height * width).max(1)).collect();
    let pixels = input::from_rgb(&pictures, height, width, device)?.to_dtype(model.parameters().dtype())?;
    Ok((pixels, input::labels(&batch.labels, [n, height, width], device)?))
}
