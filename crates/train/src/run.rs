//! The loop over the steps.

use crate::best::Best;
use crate::metrics::{Metrics, kept_metrics};
use crate::monitor::Monitor;
use crate::step::Stepper;
use crate::training::Training;
use crate::validate::validate_in_group;
use crate::{Error, Result};
use scribe_dataset::Loader;
use scribe_model::Model;
use std::sync::atomic::Ordering;

/// Makes all steps after the first `done`.
pub(crate) fn run(
    training: &Training<'_>,
    model: &mut Model,
    stepper: &mut Stepper,
    done: u64,
) -> Result<()> {
    let config = training.config;
    let epoch_steps = config.epoch_steps(training.data.ids().len());
    let mut record = if training.is_rank_0() { Some(Record::start(training, done)?) } else { None };
    let batches = Loader::part(training.data.clone(), config.loader(done), training.part())?;
    for (step, batch) in (done..).zip(batches) {
        let metrics = stepper.step(model, step, &batch?, epoch_steps)?;
        let finished = step + 1;
        if let Some(record) = &mut record {
            record.add(training, model, metrics, finished.is_multiple_of(epoch_steps))?;
        }
        let stop = any_rank_stops(training)?;
        let save = stop || finished == config.steps || finished.is_multiple_of(config.checkpoint_every);
        if save && training.is_rank_0() {
            stepper.checkpoint(training, model, finished)?.save(training.dir)?;
        }
        if stop && finished < config.steps {
            // No process ends before the checkpoint is on the disk.
            training.group.barrier()?;
            return Err(Error::Stopped { step: finished });
        }
    }
    Ok(())
}

/// Whether any process was told to stop.
fn any_rank_stops(training: &Training<'_>) -> Result<bool> {
    let own = f64::from(u8::from(training.stop.load(Ordering::SeqCst)));
    Ok(training.group.sum_values(&[own])?[0] > 0.)
}

/// What rank 0 reports and keeps of the steps.
struct Record {
    monitor: Monitor,
    best: Best,
}

impl Record {
    fn start(training: &Training<'_>, done: u64) -> Result<Self> {
        let kept = kept_metrics(&training.metrics_path(), done)?;
        let monitor = Monitor::start(training, &kept)?;
        Ok(Self { monitor, best: Best::from_metrics(&kept) })
    }

    fn add(
        &mut self,
        training: &Training<'_>,
        model: &Model,
        mut metrics: Metrics,
        epoch_end: bool,
    ) -> Result<()> {
        if let Some(validation) = training.validation
            && epoch_end
            && metrics.epoch.wrapping_add(1).is_multiple_of(validation.every)
        {
            metrics.miou = validate_in_group(model, validation, training.group.as_ref())?;
            if let Some(miou) = metrics.miou {
                self.best.offer(miou, training, model)?;
            }
        }
        self.monitor.step(training, &metrics)
    }
}
