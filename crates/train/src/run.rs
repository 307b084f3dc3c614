//! The loop over the steps.

use crate::best::Best;
use crate::job::Job;
use crate::metrics::{Metrics, kept_metrics};
use crate::monitor::Monitor;
use crate::step::Stepper;
use crate::validate::validate;
use crate::{Error, Result};
use scribe_dataset::Loader;
use scribe_model::Model;
use std::sync::atomic::Ordering;

/// Makes all steps after the first `done`.
pub(crate) fn run(job: &Job<'_>, model: &mut Model, stepper: &mut Stepper, done: u64) -> Result<()> {
    let config = job.config;
    let epoch_steps = config.epoch_steps(job.data.ids().len());
    let mut record = if job.is_rank_0() { Some(Record::start(job, done)?) } else { None };
    let batches = Loader::part(job.data.clone(), config.loader(done), job.part())?;
    for (step, batch) in (done..).zip(batches) {
        let metrics = stepper.step(model, step, &batch?, epoch_steps)?;
        let finished = step + 1;
        if let Some(record) = &mut record {
            record.add(job, model, metrics, finished.is_multiple_of(epoch_steps))?;
        }
        let stop = any_rank_stops(job)?;
        let save = stop || finished == config.steps || finished.is_multiple_of(config.checkpoint_every);
        if save && job.is_rank_0() {
            stepper.checkpoint(job, model, finished)?.save(job.dir)?;
        }
        if stop && finished < config.steps {
            // No process ends before the checkpoint is on the disk.
            job.group.barrier()?;
            return Err(Error::Stopped { step: finished });
        }
    }
    Ok(())
}

/// Whether any process was told to stop.
fn any_rank_stops(job: &Job<'_>) -> Result<bool> {
    let own = f64::from(u8::from(job.stop.load(Ordering::SeqCst)));
    Ok(job.group.sum_values(&[own])?[0] > 0.)
}

/// What rank 0 reports and keeps of the steps.
struct Record {
    monitor: Monitor,
    best: Best,
}

impl Record {
    fn start(job: &Job<'_>, done: u64) -> Result<Self> {
        let kept = kept_metrics(&job.metrics_path(), done)?;
        let monitor = Monitor::start(job, &kept)?;
        Ok(Self { monitor, best: Best::from_metrics(&kept) })
    }

    fn add(&mut self, job: &Job<'_>, model: &Model, mut metrics: Metrics, epoch_end: bool) -> Result<()> {
        if let Some(validation) = job.validation
            && epoch_end
            && metrics.epoch.wrapping_add(1).is_multiple_of(validation.every)
        {
            metrics.miou = validate(model, validation)?;
            if let Some(miou) = metrics.miou {
                self.best.offer(miou, job, model)?;
            }
        }
        self.monitor.step(job, &metrics)
    }
}
