//! The work that loader threads share: which sample is next, and which batches are ready.

use crate::{Batch, Result, Sample};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// One sample to prepare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SampleJob {
    /// The training step.
    pub step: u64,
    /// The place within its batch.
    pub slot: usize,
}

/// Hands out jobs in order, for at most `ahead` batches, the awaited one included, and collects their results.
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    /// The places of each batch that are prepared here.
    slots: Range<usize>,
    ahead: u64,
    /// The step after the last.
    end: u64,
}

struct State {
    /// The job handed out next.
    job: SampleJob,
    /// The step that the consumer takes next.
    wanted: u64,
    /// Batches of which some samples are still missing.
    partial: BTreeMap<u64, Partial>,
    /// Whole batches.
    ready: BTreeMap<u64, Result<Batch>>,
    /// Set when the consumer has gone: threads stop.
    stopped: bool,
}

struct Partial {
    samples: Vec<Option<Result<Sample>>>,
    missing: usize,
}

impl Queue {
    /// The jobs of the steps `first .. end`, those of the places `slots` of each batch.
    pub(crate) fn new(first: u64, end: u64, slots: Range<usize>, ahead: u64) -> Queue {
        let state = State {
            job: SampleJob { step: first, slot: slots.start },
            wanted: first,
            partial: BTreeMap::new(),
            ready: BTreeMap::new(),
            stopped: false,
        };
        Queue { state: Mutex::new(state), changed: Condvar::new(), slots, ahead: ahead.max(1), end }
    }

    /// The next job, once there is room for its batch; `None` when all are handed out.
    pub(crate) fn take(&self) -> Option<SampleJob> {
        let mut state = self.lock();
        loop {
            if state.stopped || state.job.step >= self.end {
                return None;
            }
            if state.job.step < state.wanted.saturating_add(self.ahead) {
                let job = state.job;
                let is_last_slot = job.slot + 1 == self.slots.end;
                let slot = if is_last_slot { self.slots.start } else { job.slot + 1 };
                state.job = SampleJob { step: job.step + u64::from(is_last_slot), slot };
                return Some(job);
            }
            state = self.wait(state);
        }
    }

    /// Delivers a job's sample; the thread that delivers the last one of a batch puts the batch together.
    pub(crate) fn put(&self, job: SampleJob, sample: Result<Sample>) {
        let mut state = self.lock();
        let partial = state.partial.entry(job.step).or_insert_with(|| Partial {
            samples: self.slots.clone().map(|_| None).collect(),
            missing: self.slots.len(),
        });
        partial.samples[job.slot - self.slots.start] = Some(sample);
        partial.missing -= 1;
        if partial.missing > 0 {
            return;
        }
        let complete = state.partial.remove(&job.step).expect("it was just filled");
        drop(state);
        // The first failing slot is what the caller sees, whichever thread was faster.
        let samples: Result<Vec<Sample>> = complete.samples.into_iter().flatten().collect();
        let batch = samples.map(Batch::from_samples);
        self.lock().ready.insert(job.step, batch);
        self.changed.notify_all();
    }

    /// Waits for the next batch in order; `None` after the last.
    pub(crate) fn next_batch(&self) -> Option<Result<Batch>> {
        let mut state = self.lock();
        if state.wanted >= self.end {
            return None;
        }
        loop {
            let wanted = state.wanted;
            if let Some(batch) = state.ready.remove(&wanted) {
                state.wanted += 1;
                self.changed.notify_all();
                return Some(batch);
            }
            state = self.wait(state);
        }
    }

    /// Makes all threads stop after the sample that they are preparing.
    pub(crate) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// A poisoned lock is used as it is: nothing between the changes in `put` can panic.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}
