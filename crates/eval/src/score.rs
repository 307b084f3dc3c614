//! The caller's thread: batches of corrupted pictures through every model, and units into the store.

use crate::corrupt::Corrupted;
use crate::plan::Plan;
use crate::predict::{Seen, predict_group};
use crate::{Error, Observation, Pass, Result, Sink, Summary, sinks};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scribe_records::{Key, Store, Unit};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Takes corrupted pictures in the plan's order and commits their units in that order.
pub(crate) struct Scorer<'a> {
    pass: &'a Pass<'a>,
    plan: &'a Plan,
    store: &'a mut Store,
    sinks: Vec<Box<dyn Sink + 'a>>,
    bar: ProgressBar,
    summary: Summary,
}

impl<'a> Scorer<'a> {
    pub fn new(pass: &'a Pass<'a>, plan: &'a Plan, store: &'a mut Store) -> Scorer<'a> {
        let summary = Summary { done_before: plan.done_before, ..Summary::default() };
        let bar = bar(plan.jobs.len(), pass.progress);
        Scorer { pass, plan, store, sinks: sinks::of(pass), bar, summary }
    }

    /// Scores everything that comes, until the end, an error, or the wish to stop.
    pub fn score(&mut self, inputs: &mut dyn Iterator<Item = Result<Corrupted>>) -> Result<()> {
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
            if !fits {
                self.finish_group(&mut group)?;
            }
            match next {
                Some(next) => group.push(next),
                None => return Ok(()),
            }
        }
    }

    /// What was done so far.
    pub fn finish(self) -> Summary {
        self.bar.finish_and_clear();
        self.summary
    }

    /// One batch holds conditions of one picture, which have one size, wanted by the same series.
    fn same_batch(&self, group: &[Corrupted], next: &Corrupted) -> bool {
        let Some(first) = group.first() else { return true };
        let (a, b) = (&self.plan.jobs[first.job], &self.plan.jobs[next.job]);
        group.len() < self.pass.batch && a.image == b.image && a.series == b.series
    }

    fn finish_group(&mut self, group: &mut Vec<Corrupted>) -> Result<()> {
        if group.is_empty() {
            return Ok(());
        }
        if self.pass.stop.load(Ordering::Relaxed) {
            return Err(Error::Stopped { done: self.summary.inputs, all: self.plan.jobs.len() });
        }
        for unit in self.units(group)? {
            self.store.commit(&unit)?;
            self.summary.inputs += 1;
            self.summary.predictions += unit.confusions.len();
            self.bar.inc(1);
        }
        group.clear();
        Ok(())
    }

    /// Every series' prediction of every picture of the group, brought to the sinks in order.
    fn units(&mut self, group: &[Corrupted]) -> Result<Vec<Unit>> {
        let mut units: Vec<Unit> = group.iter().map(|c| Unit::new(c.input.clone())).collect();
        let sinks = &self.sinks;
        let wanted = |key: &Key| sinks.iter().any(|sink| sink.wants_scores(key));
        let begun = Instant::now();
        let predicted = predict_group(self.pass, self.plan, group, wanted)?;
        self.summary.inference += begun.elapsed();
        for (place, seen) in predicted.iter().enumerate() {
            let place = place % group.len();
            self.observe(seen, &group[place], &mut units[place])?;
        }
        Ok(units)
    }

    fn observe(&self, seen: &Seen, picture: &Corrupted, unit: &mut Unit) -> Result<()> {
        let observation = Observation {
            image: &picture.image,
            truth: picture.sample.label.as_raw(),
            pred: &seen.classes,
            classes: self.pass.entrants[seen.entrant].model.classes(),
            scores: seen.scores.as_deref(),
            space: seen.space,
        };
        self.sinks.iter().try_for_each(|sink| sink.observe(&seen.key, &observation, unit))
    }
}

fn bar(inputs: usize, shown: bool) -> ProgressBar {
    let bar = ProgressBar::new(inputs as u64);
    if !shown {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("eval {wide_bar} {pos}/{len} inputs, {per_sec}, {eta} left");
    bar.set_style(style.expect("the template is valid"));
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}
