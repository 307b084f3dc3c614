//! The caller's thread: batches of corrupted pictures through every model, and units into the store.

use crate::corrupt::Corrupted;
use crate::plan::Plan;
use crate::{Error, Observation, Pass, Result, Sink, Summary, sinks};
use candle_core::{DType, Device, Tensor};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scribe_model::{Prediction, input};
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

    /// Every series' prediction of every picture of the group.
    fn units(&mut self, group: &[Corrupted]) -> Result<Vec<Unit>> {
        let mut units: Vec<Unit> = group.iter().map(|c| Unit::new(c.input.clone())).collect();
        let mut tensors = Tensors { group, made: Vec::new() };
        for &series in &self.plan.jobs[group[0].job].series {
            let (name, entrant, mode) = &self.plan.series[series];
            let entrant = &self.pass.entrants[*entrant];
            let keys: Vec<Key> =
                group.iter().map(|c| Key::new(name, &c.input.condition, c.input.image.clone())).collect();
            let failed = |source| Error::Model { key: Box::new(keys[0].clone()), source: Box::new(source) };
            let begun = Instant::now();
            let x = tensors.on(entrant.model.parameters().device()).map_err(failed)?;
            let prediction = entrant.model.predict(&x, &entrant.modes[*mode].1).map_err(failed)?;
            self.summary.inference += begun.elapsed();
            for (n, (key, unit)) in keys.iter().zip(&mut units).enumerate() {
                self.observe(key, &group[n], (&prediction, n), entrant.model.classes(), unit)?;
            }
        }
        Ok(units)
    }

    fn observe(
        &self,
        key: &Key,
        seen: &Corrupted,
        (prediction, n): (&Prediction, usize),
        classes: usize,
        unit: &mut Unit,
    ) -> Result<()> {
        let truth = seen.sample.label.as_raw();
        let scores = if self.sinks.iter().any(|s| s.wants_scores(key)) {
            let failed = |e: candle_core::Error| Error::Model {
                key: Box::new(key.clone()),
                source: Box::new(e.into()),
            };
            Some(planes(&prediction.logits, n).map_err(failed)?)
        } else {
            None
        };
        let observation = Observation {
            image: &seen.image,
            truth,
            pred: &prediction.classes[n * truth.len()..][..truth.len()],
            classes,
            scores: scores.as_deref(),
            space: prediction.space,
        };
        self.sinks.iter().try_for_each(|sink| sink.observe(key, &observation, unit))
    }
}

/// The group as a tensor, made once for each device and shared by all models on it.
struct Tensors<'a> {
    group: &'a [Corrupted],
    made: Vec<(Device, Tensor)>,
}

impl Tensors<'_> {
    fn on(&mut self, device: &Device) -> scribe_model::Result<Tensor> {
        if let Some((_, tensor)) = self.made.iter().find(|(d, _)| d.same_device(device)) {
            return Ok(tensor.clone());
        }
        let (width, height) = self.group[0].image.dimensions();
        let pixels: Vec<&[u8]> = self.group.iter().map(|c| c.image.as_raw().as_slice()).collect();
        let tensor = input::from_rgb(&pixels, height as usize, width as usize, device)?;
        self.made.push((device.clone(), tensor.clone()));
        Ok(tensor)
    }
}

/// The score planes of one picture of a batch, on the host.
fn planes(scores: &Tensor, n: usize) -> candle_core::Result<Vec<f32>> {
    scores.get(n)?.to_dtype(DType::F32)?.flatten_all()?.to_vec1()
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
