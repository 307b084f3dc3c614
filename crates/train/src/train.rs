//! One training from its first step, or from where it stopped, to its last.

use crate::error::chain;
use crate::finished::Finished;
use crate::group::agree;
use crate::run::run;
use crate::step::Stepper;
use crate::training::Training;
use crate::{Error, Result};
use scribe_model::Model;

/// Trains `model` in place until `config.steps`, from the newest intact checkpoint in the training's folder if there is one.
///
/// It leaves in the folder `model.safetensors` (the network alone, under torchvision's names), `best.safetensors` (where
/// it validates), `metrics.jsonl` and the same scalars as a TensorBoard event file, `identity.json` (what
/// determines the result), `finished.json`, and the newest two checkpoints. If the training is finished already, its network is loaded
/// and nothing else is done.
///
/// Several processes call it with the same training and their [`crate::group`]. Each computes its part of every batch, all end
/// with the same network, and rank 0 alone reads and writes the folder.
///
/// # Errors
/// [`Error::Diverged`] when the loss becomes NaN or infinite, [`Error::Stopped`] when `stop` was set, and whatever the
/// data, the network, the disk or the other processes report. The last intact checkpoint is kept in every case.
pub fn train(training: &Training<'_>, model: &mut Model) -> Result<Finished> {
    let outcome = train_in_group(training, model);
    match &outcome {
        // The other processes notice these errors without being told.
        Ok(_) | Err(Error::Stopped { .. } | Error::Group(_)) => {}
        Err(error) => training.group.leave(&chain(error)),
    }
    outcome
}

fn train_in_group(training: &Training<'_>, model: &mut Model) -> Result<Finished> {
    let (group, images) = (training.group.as_ref(), training.data.ids().len());
    training.config.check(images, group.size())?;
    agree(group, "the training", &format!("{} on {images} pictures", training.identity.state_digest()))?;
    let finished = if training.is_rank_0() { Finished::find(training)? } else { None };
    if let Some(finished) = Finished::broadcast(group, finished)? {
        if training.is_rank_0() {
            model.load_weights(&training.network_path())?.complete(&training.network_path())?;
        }
        Stepper::new(training, model)?.broadcast_state(training, model, finished.steps)?;
        return Ok(finished);
    }
    let mut stepper = Stepper::new(training, model)?;
    let done = stepper.resume(training, model)?;
    if training.is_rank_0() {
        training.identity.write(training.dir)?;
    }
    run(training, model, &mut stepper, done)?;
    let finished = if training.is_rank_0() { Some(Finished::save(training, model)?) } else { None };
    Ok(Finished::broadcast(group, finished)?.expect("rank 0 has just finished"))
}
