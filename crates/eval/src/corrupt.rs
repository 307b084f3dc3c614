//! Makes the image that the predictors see: loads it, resizes it, corrupts it and hashes it; and the label map, where it moves
//! with the image.

use crate::plan::Plan;
use crate::samples::{LoadedSample, Samples};
use crate::{Error, Pass, Picture, Result};
use cpu_time::ThreadTime;
use image::{GrayImage, RgbImage};
use scribe_base::digest::sha256_hex;
use scribe_corruptions::Severity;
use scribe_dataset::{CorruptionPlace, Sample};
use scribe_records::{Condition, Input, Unit};
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
    /// The bytes of the largest image so far.
    largest: AtomicU64,
}

/// Bytes that the images may take that wait for their prediction; every thread may work on one and have finished one in any
/// case.
const WAITING_BYTES: u64 = 256 << 20;

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
    /// The label map that is scored where it is not the sample's: moved with the image.
    pub moved_label: Option<GrayImage>,
}

impl CorruptedInput {
    /// What a predictor is given.
    pub(crate) fn picture(&self) -> Picture<'_> {
        Picture { image_id: &self.input.image_id, condition: &self.input.condition, image: &self.image }
    }

    /// The label map against which predictions are scored.
    pub(crate) fn label(&self) -> &GrayImage {
        self.moved_label.as_ref().unwrap_or(&self.sample.label)
    }

    /// A unit without results.
    pub(crate) fn unit(&self) -> Unit {
        let moved_label_sha256 = self.moved_label.as_ref().map(|label| sha256_hex(label.as_raw()));
        Unit { moved_label_sha256, ..Unit::new(self.input.clone()) }
    }
}

impl<'a> Corrupter<'a> {
    pub(crate) fn new(pass: &'a Pass<'a>, plan: &'a Plan) -> Corrupter<'a> {
        let (samples, times) = (Samples::new(pass, &plan.jobs), Default::default());
        Corrupter { pass, plan, samples, times, largest: AtomicU64::new(0) }
    }

    /// The image of job `index`, which follows from the job alone.
    pub(crate) fn corrupt(&self, index: usize) -> Result<CorruptedInput> {
        let job = &self.plan.jobs[index];
        let began = ThreadTime::now().as_duration();
        let sample = self.samples.get(job.image_index)?;
        let loaded = ThreadTime::now().as_duration();
        let condition = self.pass.conditions[job.condition].clone();
        let Made { image, moved_label, seed } = self.apply(&sample, &condition)?;
        let sha256 = sha256_hex(image.as_raw());
        self.largest.fetch_max(image.as_raw().len() as u64, Ordering::Relaxed);
        let ended = ThreadTime::now().as_duration();
        // Some virtual machines turn a thread's clock back, and no run should end because of a statistic.
        let times = [loaded.saturating_sub(began), ended.saturating_sub(loaded)];
        for (total, time) in self.times.iter().zip(times) {
            total.fetch_add(time.as_nanos() as u64, Ordering::Relaxed);
        }
        let sample = sample.at_view;
        let input = Input { image_id: sample.id.to_string(), condition, seed, sha256 };
        Ok(CorruptedInput { job: index, sample, image, input, moved_label })
    }

    /// How many images may be made ahead of their prediction: two batches and two for each thread, of large images fewer.
    pub(crate) fn ahead(&self) -> usize {
        most_ahead(self.pass.largest_batch(), self.pass.threads, self.largest.load(Ordering::Relaxed))
    }

    /// Processor time of loading and of corrupting so far, over all threads.
    pub(crate) fn times(&self) -> (Duration, Duration) {
        let [loading, corrupting] =
            self.times.each_ref().map(|t| Duration::from_nanos(t.load(Ordering::Relaxed)));
        (loading, corrupting)
    }

    fn apply(&self, sample: &LoadedSample, condition: &Condition) -> Result<Made> {
        if condition.is_clean() || self.pass.given.contains(condition) {
            return Ok(Made { image: sample.at_view.image.clone(), moved_label: None, seed: 0 });
        }
        let source = sample.to_corrupt();
        self.corrupted(source, condition).map_err(|error| Error::Corruption {
            image_id: source.id.to_string(),
            condition: condition.clone(),
            source: Box::new(error),
        })
    }

    fn corrupted(&self, source: &Sample, condition: &Condition) -> scribe_corruptions::Result<Made> {
        let Pass { suite, master_seed, view, corruption_place, .. } = self.pass;
        let severity = Severity::new(condition.severity)?;
        let (name, id) = (condition.corruption.as_str(), source.id.as_str());
        let corrupt = |image: &mut RgbImage| suite.apply(image, name, severity, *master_seed, id);
        let (image, seed) = corruption_place.corrupted(*view, &source.image, corrupt)?;
        let moved = suite.moved_label(&source.label, name, severity, *master_seed, id)?;
        let moved_label = moved.map(|label| match corruption_place {
            CorruptionPlace::AfterView => label,
            CorruptionPlace::BeforeView => view.apply_label(&label),
        });
        Ok(Made { image, moved_label, seed })
    }
}

/// The same of images of at most `largest` bytes; of images that nobody has seen yet (0 bytes) one for each thread.
fn most_ahead(batch: usize, threads: usize, largest: u64) -> usize {
    let Some(fitting) = WAITING_BYTES.checked_div(largest) else { return threads };
    let wanted = batch.saturating_add(threads).saturating_mul(2);
    wanted.min((fitting as usize).max(threads.saturating_mul(2)))
}

/// What is made of one image for one condition.
struct Made {
    image: RgbImage,
    moved_label: Option<GrayImage>,
    seed: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_large_images_fewer_are_made_ahead() {
        let bytes = |width: u64, height: u64| 3 * width * height;
        // Two batches of 8 and two for each of two threads.
        assert_eq!(most_ahead(8, 2, bytes(224, 224)), 20);
        // 268,435,456 bytes over 3 x 2048 x 1024, and over 3 x 4000 x 3000.
        assert_eq!(most_ahead(76, 2, bytes(2048, 1024)), 42);
        assert_eq!(most_ahead(76, 2, bytes(4000, 3000)), 7);
        assert_eq!(most_ahead(76, 16, bytes(4000, 3000)), 32);
        assert_eq!(most_ahead(usize::MAX, usize::MAX, bytes(224, 224)), usize::MAX);
        assert_eq!(most_ahead(76, 2, 0), 2);
    }
}
