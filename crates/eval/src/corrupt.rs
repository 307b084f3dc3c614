//! Makes the image that the predictors see: loads it, resizes it, corrupts it and hashes it.

use crate::plan::Plan;
use crate::samples::Samples;
use crate::{Error, Pass, Picture, Result};
use cpu_time::ThreadTime;
use image::RgbImage;
use scribe_base::digest::sha256_hex;
use scribe_corruptions::Severity;
use scribe_dataset::Sample;
use scribe_records::{Condition, Input};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Makes the inputs of a plan, on any thread and in any order.
pub(crate) struct Corrupter<'a> {
    pass: &'a Pass<'a>,
    plan: &'a Plan,
    samples: Samples<'a>,
    /// Nanoseconds of processor time: loading, corrupting.
    times: [AtomicU64; 2],
}

/// The image of one job.
pub(crate) struct CorruptedInput {
    /// Index into the plan's jobs.
    pub job: usize,
    /// The image before the corruption, with its label map.
    pub sample: Arc<Sample>,
    /// The image that the predictors see.
    pub image: RgbImage,
    /// What the store keeps about it.
    pub input: Input,
}

impl CorruptedInput {
    /// What a predictor is given.
    pub(crate) fn picture(&self) -> Picture<'_> {
        Picture { image_id: &self.input.image_id, condition: &self.input.condition, image: &self.image }
    }
}

impl<'a> Corrupter<'a> {
    pub(crate) fn new(pass: &'a Pass<'a>, plan: &'a Plan) -> Corrupter<'a> {
        Corrupter { pass, plan, samples: Samples::new(pass, &plan.jobs), times: Default::default() }
    }

    /// The image of job `index`, which follows from the job alone.
    pub(crate) fn corrupt(&self, index: usize) -> Result<CorruptedInput> {
        let job = &self.plan.jobs[index];
        let began = ThreadTime::now();
        let sample = self.samples.get(job.image_index)?;
        let loaded = ThreadTime::now();
        let condition = self.pass.conditions[job.condition].clone();
        let (image, seed) = self.apply(&sample, &condition)?;
        let sha256 = sha256_hex(image.as_raw());
        for (total, time) in self.times.iter().zip([loaded.duration_since(began), loaded.elapsed()]) {
            total.fetch_add(time.as_nanos() as u64, Ordering::Relaxed);
        }
        let input = Input { image_id: sample.id.to_string(), condition, seed, sha256 };
        Ok(CorruptedInput { job: index, sample, image, input })
    }

    /// Processor time of loading and of corrupting so far, over all threads.
    pub(crate) fn times(&self) -> (Duration, Duration) {
        let [loading, corrupting] =
            self.times.each_ref().map(|t| Duration::from_nanos(t.load(Ordering::Relaxed)));
        (loading, corrupting)
    }

    fn apply(&self, sample: &Sample, condition: &Condition) -> Result<(RgbImage, u32)> {
        if condition.is_clean() || self.pass.given.contains(condition) {
            return Ok((sample.image.clone(), 0));
        }
        let image_id = sample.id.as_str();
        let mut image = sample.image.clone();
        let mut apply = || {
            let severity = Severity::new(condition.severity)?;
            self.pass.suite.apply(
                &mut image,
                &condition.corruption,
                severity,
                self.pass.master_seed,
                image_id,
            )
        };
        let failed = |source| Error::Corruption {
            image_id: image_id.to_owned(),
            condition: condition.clone(),
            source: Box::new(source),
        };
        let seed = apply().map_err(failed)?;
        Ok((image, seed))
    }
}
