//! The recorder's thread: the sinks count predictions, and the units of a batch are committed to the store together.

use crate::corrupt::CorruptedInput;
use crate::plan::Plan;
use crate::predict::SeriesPrediction;
use crate::{Error, Observation, Pass, Result, Sink, Summary};
use rayon::prelude::*;
use scribe_records::{Store, Unit};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Instant;

/// The predictions of some series for a batch; the last message of a batch completes its units.
pub(crate) struct Message {
    pub group: Arc<Vec<CorruptedInput>>,
    /// Series by series, in the group's order.
    pub predicted: Vec<SeriesPrediction>,
    pub last: bool,
}

/// Gives predictions to the sinks, from several threads at once.
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
    /// Its own threads, because the networks use the others.
    threads: rayon::ThreadPool,
    summary: Summary,
}

/// So many threads that do nothing else; `name` is the setting's.
pub(crate) fn own_threads(name: &'static str, count: usize) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new().num_threads(count).build().map_err(|error| Error::Setting {
        name,
        value: format!("{count} ({error})"),
        expected: "as many as the system allows",
    })
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(observer: Observer<'a>, store: &'a mut Store) -> Result<Recorder<'a>> {
        let pass = observer.pass;
        let threads = own_threads("threads", pass.threads.min(pass.batch))?;
        let recorder = Recorder { observer, store, threads, summary: Summary::default() };
        recorder.report_progress();
        Ok(recorder)
    }

    /// Records everything that comes, until the end or an error; what was committed before an error is kept.
    pub(crate) fn record(mut self, messages: Receiver<Message>) -> Result<Summary> {
        let mut units: Vec<Unit> = Vec::new();
        for message in messages {
            let begun = Instant::now();
            self.take(&message, &mut units)?;
            self.summary.recording += begun.elapsed();
        }
        Ok(self.summary)
    }

    fn take(&mut self, message: &Message, units: &mut Vec<Unit>) -> Result<()> {
        let group = &message.group;
        if units.is_empty() {
            *units = group.iter().map(CorruptedInput::unit).collect();
        }
        let observer = self.observer;
        let observe = |(place, unit): (usize, &mut Unit)| {
            let of_image = message.predicted.iter().skip(place).step_by(group.len());
            of_image.into_iter().try_for_each(|one| observer.observe(one, &group[place], unit))
        };
        let outcomes: Vec<Result<()>> =
            self.threads.install(|| units.par_iter_mut().enumerate().map(observe).collect());
        outcomes.into_iter().collect::<Result<()>>()?;
        if message.last {
            self.store.commit_all_under(self.observer.pass.master_seed, units)?;
            for unit in units.drain(..) {
                self.summary.inputs += 1;
                self.summary.predictions += unit.confusions.len();
                self.report_progress();
            }
        }
        Ok(())
    }

    fn report_progress(&self) {
        if let Some(on_progress) = self.observer.pass.on_progress {
            on_progress(self.summary.inputs, self.observer.plan.jobs.len());
        }
    }
}

impl Observer<'_> {
    fn observe(
        &self,
        predicted: &SeriesPrediction,
        corrupted: &CorruptedInput,
        unit: &mut Unit,
    ) -> Result<()> {
        let predictor = self.pass.entrants[self.plan.series[predicted.series].entrant].predictor;
        let observation = Observation {
            image: &corrupted.image,
            label: corrupted.label().as_raw(),
            prediction: &predicted.prediction,
            clean: predicted.clean.as_deref(),
            class_count: predictor.class_count(),
            may_ignore: predictor.may_ignore(),
            own_space: predictor.own_space(),
        };
        self.sinks.iter().try_for_each(|sink| sink.observe(&predicted.key, &observation, unit))
    }
}
