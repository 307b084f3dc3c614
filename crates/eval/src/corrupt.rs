//! From a job to the picture that the models see: load, view, corrupt, hash.

use crate::plan::Plan;
use crate::samples::Samples;
use crate::{Error, Pass, Picture, Result};
use cpu_time::ThreadTime;
use image::RgbImage;
use scribe_corruptions::Severity;
use scribe_dataset::Sample;
use scribe_records::{Condition, Input};
use sha2::{Digest, Sha256};
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

/// The picture of one job.
pub(crate) struct Corrupted {
    /// Index into the plan's jobs.
    pub job: usize,
    /// The picture before, with its label.
    pub sample: Arc<Sample>,
    /// The picture that the models see.
    pub image: RgbImage,
    /// What the store says about it.
    pub input: Input,
}

impl Corrupted {
    /// What a predictor sees of it.
    pub fn picture(&self) -> Picture<'_> {
        Picture { id: &self.input.image, condition: &self.input.condition, pixels: &self.image }
    }
}

impl<'a> Corrupter<'a> {
    pub fn new(pass: &'a Pass<'a>, plan: &'a Plan) -> Corrupter<'a> {
        Corrupter { pass, plan, samples: Samples::new(pass, &plan.jobs), times: Default::default() }
    }

    /// The picture of job `index`, a function of the job alone.
    pub fn corrupt(&self, index: usize) -> Result<Corrupted> {
        let job = &self.plan.jobs[index];
        let began = ThreadTime::now();
        let sample = self.samples.get(job.image)?;
        let loaded = ThreadTime::now();
        let condition = self.pass.conditions[job.condition].clone();
        let (image, seed) = self.apply(&sample, &condition)?;
        let sha256 = hex(&Sha256::digest(image.as_raw()));
        for (total, time) in self.times.iter().zip([loaded.duration_since(began), loaded.elapsed()]) {
            total.fetch_add(time.as_nanos() as u64, Ordering::Relaxed);
        }
        let input = Input { image: sample.id.to_string(), condition, seed, sha256 };
        Ok(Corrupted { job: index, sample, image, input })
    }

    /// Processor time of loading and of corrupting so far, over all threads.
    pub fn times(&self) -> (Duration, Duration) {
        let [loading, corrupting] =
            self.times.each_ref().map(|t| Duration::from_nanos(t.load(Ordering::Relaxed)));
        (loading, corrupting)
    }

    fn apply(&self, sample: &Sample, condition: &Condition) -> Result<(RgbImage, u32)> {
        if condition.is_clean() {
            return Ok((sample.image.clone(), 0));
        }
        let name = sample.id.as_str();
        let mut image = sample.image.clone();
        let mut apply = || {
            let severity = Severity::new(condition.severity)?;
            self.pass.suite.apply(&mut image, &condition.corruption, severity, self.pass.master_seed, name)
        };
        let failed = |source| Error::Corruption {
            image: name.to_owned(),
            condition: condition.clone(),
            source: Box::new(source),
        };
        let seed = apply().map_err(failed)?;
        Ok((image, seed))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
