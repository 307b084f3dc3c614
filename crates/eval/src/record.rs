//! The recorder's thread: what the networks said goes through the sinks and, unit by unit, into the store.

use crate::corrupt::Corrupted;
use crate::plan::Plan;
use crate::predict::Seen;
use crate::{Error, Observation, Pass, Result, Sink, Summary};
use rayon::prelude::*;
use scribe_records::{Store, Unit};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Instant;

/// Some series' view of a batch; the last message of a batch completes its units.
pub(crate) struct Message {
    pub group: Arc<Vec<Corrupted>>,
    /// Series by series, in the group's order.
    pub seen: Vec<Seen>,
    pub last: bool,
}

/// Brings predictions to the sinks; several threads may look at once.
#[derive(Clone, Copy)]
pub(crate) struct Observer<'a> {
    pub pass: &'a Pass<'a>,
    pub plan: &'a Plan,
    pub sinks: &'a [Box<dyn Sink + 'a>],
}

/// Takes messages in the plan's order and commits their units in that order.
pub(crate) struct Recorder<'a> {
    observer: Observer<'a>,
    store: &'a mut Store,
    /// Threads of its own: those of the networks are busy.
    threads: rayon::ThreadPool,
    summary: Summary,
}

impl<'a> Recorder<'a> {
    pub fn new(observer: Observer<'a>, store: &'a mut Store) -> Result<Recorder<'a>> {
        let pass = observer.pass;
        let threads = rayon::ThreadPoolBuilder::new().num_threads(pass.threads.min(pass.batch)).build();
        let threads = threads.map_err(|error| Error::Plan {
            what: "threads",
            value: format!("{} ({error})", pass.threads),
            expected: "as many as the system allows",
        })?;
        let recorder = Recorder { observer, store, threads, summary: Summary::default() };
        recorder.tell();
        Ok(recorder)
    }

    /// Records everything that comes, until the end or an error; says what was done.
    pub fn record(mut self, messages: Receiver<Message>) -> (Summary, Result<()>) {
        let mut units: Vec<Unit> = Vec::new();
        let mut outcome = Ok(());
        for message in messages {
            let begun = Instant::now();
            outcome = self.take(&message, &mut units);
            self.summary.recording += begun.elapsed();
            if outcome.is_err() {
                break;
            }
        }
        (self.summary, outcome)
    }

    fn take(&mut self, message: &Message, units: &mut Vec<Unit>) -> Result<()> {
        let group = &message.group;
        if units.is_empty() {
            *units = group.iter().map(|c| Unit::new(c.input.clone())).collect();
        }
        let observer = self.observer;
        let observe = |(place, unit): (usize, &mut Unit)| {
            let of_picture = message.seen.iter().skip(place).step_by(group.len());
            of_picture.into_iter().try_for_each(|seen| observer.observe(seen, &group[place], unit))
        };
        let outcomes: Vec<Result<()>> =
            self.threads.install(|| units.par_iter_mut().enumerate().map(observe).collect());
        outcomes.into_iter().collect::<Result<()>>()?;
        if message.last {
            for unit in units.drain(..) {
                self.store.commit(&unit)?;
                self.summary.inputs += 1;
                self.summary.predictions += unit.confusions.len();
                self.tell();
            }
        }
        Ok(())
    }

    /// How far the work has come.
    fn tell(&self) {
        if let Some(progress) = self.observer.pass.progress {
            progress(self.summary.inputs, self.observer.plan.jobs.len());
        }
    }
}

impl Observer<'_> {
    fn observe(&self, seen: &Seen, picture: &Corrupted, unit: &mut Unit) -> Result<()> {
        let model = self.pass.entrants[self.plan.series[seen.series].1].model;
        let observation = Observation {
            image: &picture.image,
            truth: picture.sample.label.as_raw(),
            pred: &seen.classes,
            classes: model.classes(),
            scores: seen.scores.as_ref().map(|s| s.as_slice()),
            space: seen.space,
            own_space: model.own_space(),
            moments: seen.moments.as_deref(),
            clean: seen.clean.as_ref().map(|s| s.as_slice()),
        };
        self.sinks.iter().try_for_each(|sink| sink.observe(&seen.key, &observation, unit))
    }
}
