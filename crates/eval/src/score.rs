//! The caller's thread: batches of corrupted pictures through every model, and on to the recorder.

use crate::clean::CleanScores;
use crate::corrupt::Corrupted;
use crate::plan::Plan;
use crate::predict::predict_group;
use crate::record::{Message, Observer, Recorder};
use crate::{Error, Pass, Result, Sink, Summary, Wants, sinks};
use scribe_records::{Key, Store};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Instant;

/// Scores everything that comes, until the end, an error, or the wish to stop; says what was done, in every case.
pub(crate) fn score(
    pass: &Pass<'_>,
    plan: &Plan,
    store: &mut Store,
    inputs: &mut dyn Iterator<Item = Result<Corrupted>>,
) -> (Summary, Result<()>) {
    let sinks = sinks::of(pass);
    let recorder = match Recorder::new(Observer { pass, plan, sinks: &sinks }, store) {
        Ok(recorder) => recorder,
        Err(error) => return (Summary::default(), Err(error)),
    };
    std::thread::scope(|scope| {
        // Without room of its own: one batch is recorded while the next is predicted, and no third one waits.
        let (sender, receiver) = sync_channel(0);
        let recording = scope.spawn(|| recorder.record(receiver));
        let summary = Summary { done_before: plan.done_before, ..Summary::default() };
        let mut scorer = Scorer { pass, plan, sinks: &sinks, clean: CleanScores::default(), sender, summary };
        let scored = scorer.all(inputs);
        let mut summary = scorer.summary;
        drop(scorer.sender);
        let (recorded, outcome) = match recording.join() {
            Ok(end) => end,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        (summary.inputs, summary.predictions) = (recorded.inputs, recorded.predictions);
        summary.recording = recorded.recording;
        // What the recorder met came first.
        let outcome = outcome.and_then(|()| match scored? {
            End::Reached => Ok(()),
            End::Stopped => Err(Error::Stopped { done: summary.inputs, all: plan.jobs.len() }),
        });
        (summary, outcome)
    })
}

/// Why the last batch was the last.
enum End {
    Reached,
    Stopped,
}

struct Scorer<'a> {
    pass: &'a Pass<'a>,
    plan: &'a Plan,
    sinks: &'a [Box<dyn Sink + 'a>],
    clean: CleanScores,
    sender: SyncSender<Message>,
    summary: Summary,
}

impl Scorer<'_> {
    fn all(&mut self, inputs: &mut dyn Iterator<Item = Result<Corrupted>>) -> Result<End> {
        let mut group: Vec<Corrupted> = Vec::with_capacity(self.pass.batch);
        loop {
            let asked = Instant::now();
            let next = inputs.next();
            self.summary.waiting += asked.elapsed();
            let next = match next {
                // What came before a broken picture is good: it is finished first.
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

    /// One batch holds conditions of one picture, which have one size, wanted by the same series.
    fn same_batch(&self, group: &[Corrupted], next: &Corrupted) -> bool {
        let Some(first) = group.first() else { return true };
        let (a, b) = (&self.plan.jobs[first.job], &self.plan.jobs[next.job]);
        group.len() < self.pass.batch && a.image == b.image && a.series == b.series
    }

    /// Every series' prediction of every picture of the group. A single network hands on its view before the next one
    /// starts, so that only one view is in memory beside the one that is recorded.
    fn finish_group(&mut self, group: &mut Vec<Corrupted>) -> Result<End> {
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
            let mut seen = predict_group(self.pass, self.plan, some, &group, &wants)?;
            self.clean.attach(self.pass, self.plan, &group, &mut seen, wants_clean)?;
            let predicted = Instant::now();
            self.summary.inference += predicted - begun;
            let last = (part + 1) * at_once >= series.len();
            let sent = self.sender.send(Message { group: group.clone(), seen, last });
            self.summary.recorder_waits += predicted.elapsed();
            if sent.is_err() {
                // The recorder ended early and says why.
                return Ok(End::Stopped);
            }
        }
        Ok(End::Reached)
    }
}
