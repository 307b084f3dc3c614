//! The caller's thread: every predictor predicts batches of corrupted images, and the recorder gets the predictions.

use crate::clean::CleanPredictions;
use crate::corrupt::CorruptedInput;
use crate::plan::Plan;
use crate::predict::predict_group;
use crate::record::{Message, Observer, Recorder};
use crate::{Error, Pass, Result, Sink, Summary, Wants, sinks};
use scribe_records::{Key, Store};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Instant;

/// Predicts all inputs until the end, an error or a stop.
pub(crate) fn predict_all(
    pass: &Pass<'_>,
    plan: &Plan,
    store: &mut Store,
    inputs: &mut dyn Iterator<Item = Result<CorruptedInput>>,
) -> Result<Summary> {
    let sinks = sinks::all(pass);
    let recorder = Recorder::new(Observer { pass, plan, sinks: &sinks }, store)?;
    std::thread::scope(|scope| {
        // Without a buffer: one batch is recorded while the next is predicted, and no third one waits.
        let (sender, receiver) = sync_channel(0);
        let recording = scope.spawn(|| recorder.record(receiver));
        let summary = Summary { done_before: plan.done_before, ..Summary::default() };
        let clean = CleanPredictions::default();
        let class_count = pass.entrants.first().map_or(1, |entrant| entrant.predictor.class_count());
        let mut prediction_loop =
            PredictionLoop { pass, plan, sinks: &sinks, clean, class_count, sender, summary };
        let outcome = prediction_loop.all(inputs);
        let summary = prediction_loop.summary;
        drop(prediction_loop.sender);
        // The recorder works on earlier batches, so its error is reported first.
        let recorded = recording.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        match outcome? {
            End::Reached => Ok(Summary {
                inputs: recorded.inputs,
                predictions: recorded.predictions,
                recording: recorded.recording,
                ..summary
            }),
            End::Stopped => Err(Error::Stopped { done: recorded.inputs, all: plan.jobs.len() }),
        }
    })
}

/// Why the last batch was the last.
enum End {
    Reached,
    Stopped,
}

struct PredictionLoop<'a> {
    pass: &'a Pass<'a>,
    plan: &'a Plan,
    sinks: &'a [Box<dyn Sink + 'a>],
    clean: CleanPredictions,
    /// The number of classes, which is the same in every entrant.
    class_count: usize,
    sender: SyncSender<Message>,
    summary: Summary,
}

impl PredictionLoop<'_> {
    fn all(&mut self, inputs: &mut dyn Iterator<Item = Result<CorruptedInput>>) -> Result<End> {
        let mut group: Vec<CorruptedInput> = Vec::with_capacity(self.pass.largest_batch());
        loop {
            let waits = Instant::now();
            let next = inputs.next();
            self.summary.waiting += waits.elapsed();
            let next = match next {
                // What came before a broken image is good: it is finished first.
                Some(Err(broken)) => {
                    self.finish_group(&mut group)?;
                    return Err(broken);
                }
                other => other.transpose()?,
            };
            let fits = next.as_ref().is_some_and(|n| self.same_batch(&group, n));
            if !fits && let End::Stopped = self.finish_group(&mut group)? {
                return Ok(End::Stopped);
            }
            match next {
                Some(next) => group.push(next),
                None => return Ok(End::Reached),
            }
        }
    }

    /// A batch holds conditions of one image, which have one size, wanted by the same series; of large images fewer.
    fn same_batch(&self, group: &[CorruptedInput], next: &CorruptedInput) -> bool {
        let Some(first) = group.first() else { return true };
        let (a, b) = (&self.plan.jobs[first.job], &self.plan.jobs[next.job]);
        let most = self.pass.largest_batch().min(most_images(
            self.pass.score_bytes,
            self.class_count,
            next.image.dimensions(),
        ));
        group.len() < most && a.image_index == b.image_index && a.series == b.series
    }

    /// The predictions of every series for every image of the group. A single network hands its predictions on before the
    /// next one starts, so that only one network's are in memory in addition to those that are being recorded.
    fn finish_group(&mut self, group: &mut Vec<CorruptedInput>) -> Result<End> {
        if group.is_empty() {
            return Ok(End::Reached);
        }
        if self.pass.stop.load(Ordering::Relaxed) {
            return Ok(End::Stopped);
        }
        let group = Arc::new(std::mem::take(group));
        let series = &self.plan.jobs[group[0].job].series;
        let at_once = if self.pass.side_by_side > 1 { series.len() } else { 1 };
        let sinks = self.sinks;
        let wants = |key: &Key| Wants {
            scores: sinks.iter().any(|sink| sink.wants_scores(key)),
            moments: sinks.iter().any(|sink| sink.wants_moments(key)),
        };
        let wants_clean = |key: &Key| sinks.iter().any(|sink| sink.wants_clean(key));
        for (part, some) in series.chunks(at_once).enumerate() {
            let begun = Instant::now();
            let mut predicted = predict_group(self.pass, self.plan, some, &group, &wants)?;
            self.clean.attach(self.pass, self.plan, &group, &mut predicted, wants_clean)?;
            let ended = Instant::now();
            self.summary.inference += ended - begun;
            let last = (part + 1) * at_once >= series.len();
            let sent = self.sender.send(Message { group: group.clone(), predicted, last });
            self.summary.recorder_waits += ended.elapsed();
            if sent.is_err() {
                // The recorder ended early; its error says why.
                return Ok(End::Stopped);
            }
        }
        Ok(End::Reached)
    }
}

/// How many images of this size a batch may hold, whose scores take `bytes`; one in any case.
fn most_images(bytes: u64, class_count: usize, (width, height): (u32, u32)) -> usize {
    let one = u64::from(width) * u64::from(height) * class_count as u64 * size_of::<f32>() as u64;
    (bytes / one.max(1)).max(1) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2^28 bytes over width x height x classes x 4.
    #[test]
    fn a_batch_of_large_images_is_small() {
        assert_eq!(most_images(1 << 28, 21, (224, 224)), 63);
        assert_eq!(most_images(1 << 28, 21, (513, 513)), 12);
        assert_eq!(most_images(1 << 28, 19, (2048, 1024)), 1);
        assert_eq!(most_images(1 << 28, 150, (4000, 3000)), 1);
    }
}
