//! The caller's thread: every predictor predicts batches of corrupted images, and the recorder gets the predictions.

use crate::ahead::Ahead;
use crate::clean::CleanPredictions;
use crate::corrupt::CorruptedInput;
use crate::plan::Plan;
use crate::predict::predict_group;
use crate::record::{Message, Observer, Recorder, own_threads};
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
    let threads =
        (pass.predictor_threads > 0).then(|| own_threads("predictor_threads", pass.predictor_threads));
    let threads = threads.transpose()?;
    std::thread::scope(|scope| {
        // Without a buffer: one batch is recorded while the next is predicted, and no third one waits.
        let (sender, receiver) = sync_channel(0);
        let recording = scope.spawn(|| recorder.record(receiver));
        let summary = Summary { done_before: plan.done_before, ..Summary::default() };
        let clean = CleanPredictions::default();
        let class_count = pass.entrants.first().map_or(1, |entrant| entrant.predictor.class_count());
        let mut prediction_loop =
            PredictionLoop { pass, plan, sinks: &sinks, clean, class_count, sender, summary };
        let outcome = match &threads {
            None => prediction_loop.all(inputs, None),
            Some(own) => own.in_place_scope_fifo(|own| prediction_loop.all(inputs, Some(Ahead::new(own)))),
        };
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

impl<'a> PredictionLoop<'a> {
    fn all(
        &mut self,
        inputs: &mut dyn Iterator<Item = Result<CorruptedInput>>,
        mut ahead: Option<Ahead<'_, 'a>>,
    ) -> Result<End> {
        let mut group: Vec<CorruptedInput> = Vec::with_capacity(self.pass.largest_batch());
        loop {
            let waits = Instant::now();
            let next = inputs.next();
            self.summary.waiting += waits.elapsed();
            let next = match next {
                // What came before a broken image is good: it is finished first.
                Some(Err(broken)) => {
                    self.finish_group(&mut group, ahead.as_mut())?;
                    self.take(ahead.as_mut(), 0)?;
                    return Err(broken);
                }
                other => other.transpose()?,
            };
            let fits = next.as_ref().is_some_and(|n| self.same_batch(&group, n));
            if !fits && let End::Stopped = self.finish_group(&mut group, ahead.as_mut())? {
                self.take(ahead.as_mut(), 0)?;
                return Ok(End::Stopped);
            }
            match next {
                Some(next) => group.push(next),
                None => return self.take(ahead.as_mut(), 0),
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

    /// The predictions of every series for every image of the group: by the threads that predict ahead, if there are any and
    /// no scores are wanted, and otherwise by this one.
    fn finish_group(
        &mut self,
        group: &mut Vec<CorruptedInput>,
        mut ahead: Option<&mut Ahead<'_, 'a>>,
    ) -> Result<End> {
        if group.is_empty() {
            return Ok(End::Reached);
        }
        if self.pass.stop.load(Ordering::Relaxed) {
            return Ok(End::Stopped);
        }
        let group = Arc::new(std::mem::take(group));
        if let Some(ahead) = ahead.as_deref_mut()
            && !self.wants_scores(&group)
        {
            ahead.push(self.pass, self.plan, group, wants(self.sinks));
            // One more than threads, so that a thread finds its next one when it has ended one.
            return self.take(Some(ahead), self.pass.predictor_threads);
        }
        match self.take(ahead, 0)? {
            End::Reached => self.predict_now(group),
            End::Stopped => Ok(End::Stopped),
        }
    }

    /// Whether some series' scores are wanted for some image of the group: they take much memory, of which only one batch's is
    /// to be in use.
    fn wants_scores(&self, group: &[CorruptedInput]) -> bool {
        let series = &self.plan.jobs[group[0].job].series;
        let key = |picture: &CorruptedInput, &index: &usize| {
            let picture = picture.picture();
            Key::new(&self.plan.series[index].series, picture.condition, picture.image_id)
        };
        let wants = wants(self.sinks);
        group.iter().any(|picture| series.iter().any(|index| wants(&key(picture, index)).scores))
    }

    /// Hands on what was predicted ahead, oldest first, until so many batches are left.
    fn take(&mut self, ahead: Option<&mut Ahead<'_, 'a>>, left: usize) -> Result<End> {
        let Some(ahead) = ahead else { return Ok(End::Reached) };
        while ahead.len() > left {
            let begun = Instant::now();
            let popped = ahead.pop()?;
            self.summary.inference += begun.elapsed();
            let Some(message) = popped else { return Ok(End::Stopped) };
            if let End::Stopped = self.hand_on(message) {
                return Ok(End::Stopped);
            }
        }
        Ok(End::Reached)
    }

    /// A single network hands its predictions on before the next one starts, so that only one network's are in memory in
    /// addition to those that are being recorded.
    fn predict_now(&mut self, group: Arc<Vec<CorruptedInput>>) -> Result<End> {
        let series = &self.plan.jobs[group[0].job].series;
        let at_once = if self.pass.side_by_side > 1 { series.len() } else { 1 };
        let (sinks, wants) = (self.sinks, wants(self.sinks));
        let wants_clean = |key: &Key| sinks.iter().any(|sink| sink.wants_clean(key));
        for (part, some) in series.chunks(at_once).enumerate() {
            let begun = Instant::now();
            let mut predicted = predict_group(self.pass, self.plan, some, &group, &wants)?;
            self.clean.attach(self.pass, self.plan, &group, &mut predicted, wants_clean)?;
            self.summary.inference += begun.elapsed();
            let last = (part + 1) * at_once >= series.len();
            if let End::Stopped = self.hand_on(Message { group: group.clone(), predicted, last }) {
                return Ok(End::Stopped);
            }
        }
        Ok(End::Reached)
    }

    /// Gives predictions to the recorder.
    fn hand_on(&mut self, message: Message) -> End {
        let ended = Instant::now();
        let sent = self.sender.send(message);
        self.summary.recorder_waits += ended.elapsed();
        // A recorder that ended early says why in its error.
        if sent.is_ok() { End::Reached } else { End::Stopped }
    }
}

/// What the sinks want of a prediction.
fn wants<'a>(sinks: &'a [Box<dyn Sink + 'a>]) -> impl Fn(&Key) -> Wants + Copy + Send + Sync + 'a {
    move |key| Wants {
        scores: sinks.iter().any(|sink| sink.wants_scores(key)),
        moments: sinks.iter().any(|sink| sink.wants_moments(key)),
    }
}

/// How many images of this size a batch may hold, whose scores take `bytes`; one in any case.
///
/// A network's widest map holds 16 numbers for each pixel (64 channels of half the height and width), which counts as the scores
/// of 16 classes.
fn most_images(bytes: u64, class_count: usize, (width, height): (u32, u32)) -> usize {
    let one = u64::from(width) * u64::from(height) * class_count.max(16) as u64 * size_of::<f32>() as u64;
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
        // As of 16 classes.
        assert_eq!(most_images(1 << 28, 2, (513, 513)), 15);
    }
}
