//! One training from its first step, or from where it stopped, to its last.

use crate::error::chain;
use crate::finished::Finished;
use crate::group::agree;
use crate::job::Job;
use crate::run::run;
use crate::step::Stepper;
use crate::{Error, Result};
use scribe_model::Model;

/// Trains `model` in place until `config.steps`, from the newest good checkpoint in the job's folder if there is one.
///
/// It leaves in the folder `model.safetensors` (the network alone, under torchvision's names), `best.safetensors` (where
/// it validates), `metrics.jsonl` and the same scalars as a TensorBoard event file, `identity.json` (what the training
/// follows from), `finished.json`, and the newest two checkpoints. If the job is finished already, its network is loaded
/// and nothing else is done.
///
/// Several processes call it with the same job and their [`crate::group`]. Each computes its part of every batch, all end
/// with the same network, and rank 0 alone reads and writes the folder.
///
/// # Errors
/// [`Error::Diverged`] when the loss becomes NaN or infinite, [`Error::Stopped`] when `stop` was set, and whatever the
/// data, the network, the disk or the other processes report. The last good checkpoint is kept in every case.
pub fn train(job: &Job<'_>, model: &mut Model) -> Result<Finished> {
    let outcome = train_in_group(job, model);
    match &outcome {
        // The other processes notice these errors without being told.
        Ok(_) | Err(Error::Stopped { .. } | Error::Group(_)) => {}
        Err(error) => job.group.leave(&chain(error)),
    }
    outcome
}

fn train_in_group(job: &Job<'_>, model: &mut Model) -> Result<Finished> {
    let (group, images) = (job.group.as_ref(), job.data.ids().len());
    job.config.check(images, group.size())?;
    agree(group, "the training", &format!("{} on {images} pictures", job.identity.state_digest()))?;
    let finished = if job.is_rank_0() { Finished::find(job)? } else { None };
    if let Some(finished) = Finished::broadcast(group, finished)? {
        if job.is_rank_0() {
            model.load_weights(&job.network_path())?.complete(&job.network_path())?;
        }
        Stepper::new(job, model)?.broadcast_state(job, model, finished.steps)?;
        return Ok(finished);
    }
    let mut stepper = Stepper::new(job, model)?;
    let done = stepper.resume(job, model)?;
    if job.is_rank_0() {
        job.identity.write(job.dir)?;
    }
    run(job, model, &mut stepper, done)?;
    let finished = if job.is_rank_0() { Some(Finished::save(job, model)?) } else { None };
    Ok(Finished::broadcast(group, finished)?.expect("rank 0 has just finished"))
}
