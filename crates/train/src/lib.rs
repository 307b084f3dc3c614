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
mod monitor;
mod schedule;
mod sgd;
mod step;
mod validate;

pub use checkpoint::Checkpoint;
pub use config::{GroupLr, Job, TrainConfig};
pub use error::{Error, Result};
pub use finished::Finished;
pub use monitor::{Metrics, read_metrics};
pub use schedule::{Per, Poly};
pub use sgd::{Group, Parameter, Sgd};
pub use validate::{Validation, validate};

use best::Best;
use monitor::Monitor;
use scribe_dataset::Loader;
use scribe_model::Model;
use std::sync::atomic::Ordering;
use step::Stepper;

/// Trains `model` in place until `config.steps`, going on from the newest good checkpoint of the job's folder.
///
/// Leaves `model.safetensors` (the network alone, torchvision's names), `best.safetensors` (where it validates),
/// `metrics.jsonl`, the same scalars as a TensorBoard event file, `finished.json` and the newest two states there. A job that is finished already only loads its network.
///
/// # Errors
/// [`Error::Diverged`] when the loss becomes NaN or infinite, [`Error::Stopped`] when asked to stop, and whatever the
/// data, the network or the disk report. The last good checkpoint is kept in every case.
pub fn train(job: &Job<'_>, model: &mut Model) -> Result<Finished> {
    job.config.check(job.data.ids().len())?;
    if let Some(finished) = Finished::find(job)? {
        model.load_weights(&job.network_path())?;
        return Ok(finished);
    }
    let mut stepper = Stepper::new(job, model)?;
    let done = stepper.resume(job, model)?;
    run(job, model, &mut stepper, done)?;
    model.save(&job.network_path())?;
    Finished::write(job)
}

fn run(job: &Job<'_>, model: &mut Model, stepper: &mut Stepper, done: u64) -> Result<()> {
    let config = job.config;
    let epoch_steps = config.epoch_steps(job.data.ids().len());
    let bar = job.bars.add(monitor::bar(job.label, config.steps));
    let kept = monitor::kept_metrics(&job.metrics_path(), done)?;
    let mut best = Best::of(&kept);
    let mut monitor = Monitor::start(&job.metrics_path(), bar, &kept, config.batch)?;
    let batches = Loader::new(job.data.clone(), config.loader(done))?;
    for (step, batch) in (done..).zip(batches) {
        let mut metrics = stepper.step(model, step, &batch?, epoch_steps)?;
        let (finished, epoch_end) = (step + 1, (step + 1).is_multiple_of(epoch_steps));
        if let Some(validation) = job.validation
            && epoch_end
            && metrics.epoch.wrapping_add(1).is_multiple_of(validation.every)
        {
            metrics.miou = validate(model, validation)?;
            if let Some(miou) = metrics.miou {
                best.offer(miou, job, model)?;
            }
        }
        monitor.step(&metrics)?;
        let stop = job.stop.load(Ordering::SeqCst);
        if stop || finished == config.steps || finished.is_multiple_of(config.checkpoint_every) {
            stepper.checkpoint(job, model, finished)?.save(job.dir)?;
        }
        if stop && finished < config.steps {
            return Err(Error::Stopped { step: finished });
        }
    }
    monitor.finish();
    Ok(())
}
