//! Training: SGD with two learning rates, the "poly" schedule, checkpoints that resume to the same bytes, and the loop.
//!
//! A run's state is its step, its tensors and its momentum. Data order, augmentation and dropout follow from
//! (seed, step), so a run that was killed at any moment and started again ends in the same bytes as one that was not.

mod best;
mod checkpoint;
mod config;
mod error;
mod events;
mod finished;
pub mod group;
mod identity;
mod monitor;
mod run;
mod schedule;
mod sgd;
mod step;
mod validate;

pub use checkpoint::Checkpoint;
pub use config::{GroupLr, Job, Progress, TrainConfig};
pub use error::{Error, Result};
pub use finished::Finished;
pub use identity::{Identity, Validated};
pub use monitor::{Metrics, read_metrics};
pub use schedule::{Per, Poly};
pub use sgd::{Group, Parameter, Sgd};
pub use validate::{Validation, validate};

use run::run;
use scribe_model::Model;
use step::Stepper;

/// Trains `model` in place until `config.steps`, going on from the newest good checkpoint of the job's folder.
///
/// Leaves `model.safetensors` (the network alone, torchvision's names), `best.safetensors` (where it validates),
/// `metrics.jsonl`, the same scalars as a TensorBoard event file, `identity.json` (what it follows from), `finished.json`
/// and the newest two states there. A job
/// that is finished already only loads its network.
///
/// Several processes call it with the same job and their [`group`]: each computes its part of every batch, all end with
/// the same network, and rank 0 alone reads and writes the folder.
///
/// # Errors
/// [`Error::Diverged`] when the loss becomes NaN or infinite, [`Error::Stopped`] when asked to stop, and whatever the
/// data, the network, the disk or the other processes report. The last good checkpoint is kept in every case.
pub fn train(job: &Job<'_>, model: &mut Model) -> Result<Finished> {
    let outcome = train_together(job, model);
    match &outcome {
        // Of these every process hears by itself.
        Ok(_) | Err(Error::Stopped { .. } | Error::Group(_)) => {}
        Err(error) => job.group.leave(&error.to_string()),
    }
    outcome
}

fn train_together(job: &Job<'_>, model: &mut Model) -> Result<Finished> {
    let (group, images) = (job.group.as_ref(), job.data.ids().len());
    job.config.check(images, group.size())?;
    group::agree(group, "the training", &format!("{} on {images} pictures", job.identity.state_digest()))?;
    let finished = if job.leads() { Finished::find(job)? } else { None };
    if let Some(finished) = Finished::of_rank_0(group, finished)? {
        if job.leads() {
            model.load_weights(&job.network_path())?.complete(&job.network_path())?;
        }
        Stepper::new(job, model)?.follow(job, model, finished.steps)?;
        return Ok(finished);
    }
    let mut stepper = Stepper::new(job, model)?;
    let done = stepper.resume(job, model)?;
    if job.leads() {
        job.identity.write(job.dir)?;
    }
    run(job, model, &mut stepper, done)?;
    let finished = if job.leads() { Some(Finished::save(job, model)?) } else { None };
    Ok(Finished::of_rank_0(group, finished)?.expect("rank 0 has just finished"))
}
