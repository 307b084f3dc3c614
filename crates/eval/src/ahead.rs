//! Batches that are predicted on threads of their own while the caller's thread collects the next ones.

use crate::corrupt::CorruptedInput;
use crate::plan::Plan;
use crate::predict::{SeriesPrediction, predict_part};
use crate::record::Message;
use crate::{Pass, Result, Wants};
use rayon::ScopeFifo;
use scribe_records::Key;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

/// The threads, and the batches that they were given, oldest first.
pub(crate) struct Ahead<'s, 'a> {
    threads: &'s ScopeFifo<'a>,
    batches: VecDeque<Batch>,
}

/// A batch, and where each series' predictions will come from.
struct Batch {
    group: Arc<Vec<CorruptedInput>>,
    series: Vec<Receiver<Result<Vec<SeriesPrediction>>>>,
}

impl<'s, 'a> Ahead<'s, 'a> {
    /// Without batches.
    pub(crate) fn new(threads: &'s ScopeFifo<'a>) -> Ahead<'s, 'a> {
        Ahead { threads, batches: VecDeque::new() }
    }

    /// Has every series of the batch predicted.
    pub(crate) fn push(
        &mut self,
        pass: &'a Pass<'a>,
        plan: &'a Plan,
        group: Arc<Vec<CorruptedInput>>,
        wants: impl Fn(&Key) -> Wants + Copy + Send + Sync + 'a,
    ) {
        let start = |&index: &usize| {
            // Room for the one result, so that the thread never waits with it.
            let (sender, receiver) = sync_channel(1);
            let group = group.clone();
            self.threads.spawn_fifo(move |_| {
                let pictures: Vec<_> = group.iter().map(CorruptedInput::picture).collect();
                // Nobody waits for it where the evaluation has ended early.
                let _ = sender.send(predict_part(pass, plan, index, &pictures, &wants));
            });
            receiver
        };
        let series = plan.jobs[group[0].job].series.iter().map(start).collect();
        self.batches.push_back(Batch { group, series });
    }

    /// Batches under way.
    pub(crate) fn len(&self) -> usize {
        self.batches.len()
    }

    /// The oldest batch with its predictions once they are there, for the recorder; `None` without batches, and where a thread
    /// panicked, which goes on where the scope of the threads ends.
    ///
    /// # Errors
    /// Those of a predictor.
    pub(crate) fn pop(&mut self) -> Result<Option<Message>> {
        let Some(Batch { group, series }) = self.batches.pop_front() else { return Ok(None) };
        let mut predicted = Vec::new();
        for receiver in series {
            let Ok(part) = receiver.recv() else { return Ok(None) };
            predicted.extend(part?);
        }
        Ok(Some(Message { group, predicted, last: true }))
    }
}
