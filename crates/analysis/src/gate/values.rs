//! The values of measures, on the set and under resamples.

use super::measure::Measure;
use super::subject::Subject;
use crate::bootstrap::{Bootstrap, Sampled};
use crate::conventions::{Convention, Sampler, Score, worst_corruption};
use crate::measures::{Kind, Measure as LogitMeasure, Measured};
use crate::summary::slope;
use crate::view::View;
use rayon::prelude::*;
use scribe_records::{Condition, ModelId};
use std::collections::{BTreeMap, BTreeSet};

/// Where the values of measures come from.
pub(crate) struct Values {
    /// The measures of logits that are asked for, under resamples of blocks.
    measured: Option<Measured>,
}

impl Values {
    /// Computes the measures of logits that some subjects are about.
    pub(crate) fn new<'s>(
        view: &View,
        how: &Bootstrap,
        subjects: impl Iterator<Item = &'s Subject>,
    ) -> Values {
        let kinds: BTreeSet<Kind> = subjects.filter_map(|subject| subject.measure.sums()).collect();
        let of_logits = || View {
            classes: view.classes.clone(),
            without_background: view.without_background,
            models: view.models.clone(),
            trained: view.trained.clone(),
            images: view.images.clone(),
            blocks: view.blocks.clone(),
            sums: view
                .sums
                .iter()
                .filter(|((_, kind), _)| kinds.contains(kind))
                .map(|(key, sums)| (key.clone(), sums.clone()))
                .collect(),
            ..View::default()
        };
        Values { measured: (!kinds.is_empty()).then(|| Measured::new(&of_logits(), how)) }
    }

    /// The value of a subject under the sampler's resamples; `None` where the run has none.
    pub(crate) fn of(&self, sampler: &Sampler<'_>, subject: &Subject) -> Option<Sampled> {
        let voc = |conditions: &[Condition]| mean(sampler, subject, Convention::Voc, conditions);
        match subject.measure {
            Measure::Convention(convention) => mean(sampler, subject, convention, &subject.conditions),
            Measure::Rpc => {
                let clean = voc(&[Condition::clean()])?;
                Some(voc(&subject.conditions)?.with(&clean, |corrupted, clean| corrupted / clean))
            }
            Measure::Slope => {
                let at = |severity: u8| {
                    let all = subject.conditions.iter().filter(|c| c.severity == severity);
                    Some((f64::from(severity), voc(&all.cloned().collect::<Vec<_>>())?))
                };
                let (severities, means): (Vec<f64>, Vec<Sampled>) = (1..=5).filter_map(at).unzip();
                let of = |values: &[f64]| {
                    let points: Vec<(f64, f64)> =
                        severities.iter().copied().zip(values.iter().copied()).collect();
                    slope(&points).unwrap_or(f64::NAN)
                };
                Sampled::of(&means, of).filter(|_| means.len() > 1)
            }
            Measure::WorstCorruption => {
                let cells = cells(sampler, subject, Convention::Voc, &subject.conditions);
                Some(worst_corruption(cells.iter().map(|(c, s)| (c, s.clone())))?.1)
            }
            Measure::CorruptionError => corruption_error(sampler, subject),
            Measure::Logits(measure) => self.of_logits(subject, measure),
        }
    }

    fn of_logits(&self, subject: &Subject, measure: LogitMeasure) -> Option<Sampled> {
        let measured = self.measured.as_ref()?;
        let cells = subject.conditions.iter().flat_map(|c| subject.modes.iter().map(move |m| (c, m)));
        let found = cells.filter_map(|(c, mode)| measured.get(&subject.model, mode, c, measure));
        let found: Vec<Sampled> =
            found.map(|(value, draws)| Sampled { value: *value, draws: draws.clone() }).collect();
        Sampled::mean(&found)
    }
}

/// The values under single conditions, each the mean over the subject's modes; a condition that lacks one of them is
/// left out, as in tables.
fn cells(
    sampler: &Sampler<'_>,
    subject: &Subject,
    convention: Convention,
    conditions: &[Condition],
) -> Vec<(Condition, Sampled)> {
    let wanted = [Score { convention, class: subject.class }];
    let of_mode = |condition: &Condition, mode| {
        sampler.cell(&subject.model, mode, condition, &wanted).into_iter().next().flatten()
    };
    let cell = |condition: &Condition| {
        let modes: Option<Vec<Sampled>> = subject.modes.iter().map(|mode| of_mode(condition, mode)).collect();
        Some((condition.clone(), Sampled::mean(&modes?)?))
    };
    conditions.par_iter().filter_map(cell).collect()
}

fn mean(
    sampler: &Sampler<'_>,
    subject: &Subject,
    convention: Convention,
    conditions: &[Condition],
) -> Option<Sampled> {
    let cells = cells(sampler, subject, convention, conditions);
    Sampled::mean(&cells.into_iter().map(|(_, sampled)| sampled).collect::<Vec<_>>())
}

/// The mean over corruptions of the sum over severities of (1 - mIoU), divided by that of the reference; over the
/// conditions that both have.
fn corruption_error(sampler: &Sampler<'_>, subject: &Subject) -> Option<Sampled> {
    let of = |model: &ModelId| -> BTreeMap<Condition, Sampled> {
        let subject = subject.of(model);
        cells(sampler, &subject, Convention::Voc, &subject.conditions).into_iter().collect()
    };
    let (own, other) = (of(&subject.model), of(subject.reference.as_ref()?));
    let mut by_corruption: BTreeMap<&str, [Vec<Sampled>; 2]> = BTreeMap::new();
    for (condition, miou) in &own {
        if let Some(reference) = other.get(condition) {
            let [a, b] = by_corruption.entry(&condition.corruption).or_default();
            a.push(miou.clone());
            b.push(reference.clone());
        }
    }
    // Of conditions that both have, the ratio of sums is the ratio of means.
    let ratio = |[own, other]: &[Vec<Sampled>; 2]| {
        Some(Sampled::mean(own)?.with(&Sampled::mean(other)?, |m, r| (1.0 - m) / (1.0 - r)))
    };
    let ratios: Option<Vec<Sampled>> = by_corruption.values().map(ratio).collect();
    Sampled::mean(&ratios?)
}
