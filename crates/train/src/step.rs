//! One optimisation step.

use crate::checkpoint::Checkpoint;
use crate::config::Job;
use crate::monitor::Metrics;
use crate::sgd::{Group, Parameter, Sgd};
use crate::{Error, Result};
use candle_core::{DType, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scribe_dataset::Batch;
use scribe_model::{Model, input};

/// The optimizer and the settings that a step needs.
pub(crate) struct Stepper {
    sgd: Sgd,
    config: crate::TrainConfig,
}

impl Stepper {
    pub(crate) fn new(job: &Job<'_>, model: &Model) -> Result<Self> {
        let parameters = model.parameters().trainable().map(|(name, var)| {
            let group = if name.starts_with("backbone.") { Group::Backbone } else { Group::Head };
            Parameter { name: name.to_string(), var: var.clone(), group }
        });
        let sgd = Sgd::new(parameters.collect(), job.config.momentum, job.config.weight_decay)?;
        Ok(Self { sgd, config: job.config.clone() })
    }

    /// Takes network and optimizer from the newest good checkpoint; returns the number of finished steps.
    pub(crate) fn resume(&mut self, job: &Job<'_>, model: &Model) -> Result<u64> {
        let Some(checkpoint) = Checkpoint::newest(job.dir, job.digest)? else { return Ok(0) };
        let damaged = |name: &str| Error::Damaged {
            path: job.dir.to_path_buf(),
            reason: format!("the state of step {} lacks '{name}' in the expected shape", checkpoint.step),
        };
        for (name, var) in model.parameters().named() {
            let kept = checkpoint.model.get(name).filter(|kept| kept.shape() == var.shape());
            let kept = kept.ok_or_else(|| damaged(name))?;
            var.set(&kept.to_device(var.device())?)?;
        }
        self.sgd.restore(&checkpoint.optimizer).map_err(|name| damaged(&name))?;
        tracing::info!("{}: going on after step {}", job.label, checkpoint.step);
        Ok(checkpoint.step)
    }

    /// One step on one batch; `step` counts from 0.
    pub(crate) fn step(
        &mut self,
        model: &Model,
        step: u64,
        batch: &Batch,
        epoch_steps: u64,
    ) -> Result<Metrics> {
        let config = &self.config;
        let factor = config.poly.factor(step, config.steps, epoch_steps);
        let (lr_backbone, lr_head) = (config.lr.backbone * factor, config.lr.head * factor);
        let (pixels, labels) = tensors(model, batch)?;
        let loss = model.loss(&pixels, &labels, &mut generator(config.seed, step))?;
        let value = f64::from(loss.to_dtype(DType::F32)?.to_scalar::<f32>()?);
        if !value.is_finite() {
            let images = batch.ids.iter().map(ToString::to_string).collect();
            return Err(Error::Diverged {
                step,
                loss: value,
                backbone_lr: lr_backbone,
                head_lr: lr_head,
                images,
            });
        }
        let gradients = loss.backward()?;
        self.sgd.step(&gradients, |group| if group == Group::Backbone { lr_backbone } else { lr_head })?;
        Ok(Metrics {
            step: step + 1,
            epoch: step / epoch_steps,
            loss: value,
            lr_backbone,
            lr_head,
            miou: None,
        })
    }

    pub(crate) fn checkpoint(&self, job: &Job<'_>, model: &Model, step: u64) -> Result<Checkpoint> {
        let model = model.parameters().state()?;
        Ok(Checkpoint { step, digest: job.digest.to_string(), model, optimizer: self.sgd.state() })
    }
}

/// The generator of a step's dropout: it follows from seed and step, so that a resumed run draws the same.
fn generator(seed: u64, step: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(step);
    rng
}

fn tensors(model: &Model, batch: &Batch) -> Result<(Tensor, Tensor)> {
    let device = model.parameters().device();
    let [n, _, height, width] = batch.shape;
    let pixels = input::from_planes(&batch.pixels, batch.shape, device)?;
    Ok((pixels, input::labels(&batch.labels, [n, height, width], device)?))
}
