//! A batch of corrupted pictures through models and modes, one after the other or several at once.

use crate::corrupt::Corrupted;
use crate::plan::Plan;
use crate::{Error, Pass, Picture, PredictorError, Result, Wants};
use rayon::prelude::*;
use scribe_model::ScoreSpace;
use scribe_records::Key;
use std::sync::Arc;

/// What one model in one mode says about one picture.
pub(crate) struct Seen {
    pub key: Key,
    /// Index of the series in the plan.
    pub series: usize,
    /// The class of each pixel.
    pub classes: Vec<u8>,
    /// The score planes, where somebody wants them.
    pub scores: Option<Arc<Vec<f32>>>,
    /// Sums of the logits, where somebody wants them and the predictor gives them.
    pub moments: Option<Vec<f64>>,
    /// The scores of the clean picture, where somebody wants them.
    pub clean: Option<Arc<Vec<f32>>>,
    pub space: ScoreSpace,
}

/// The view of every series of `series` of every picture of `group`, series by series, in the group's order.
///
/// With `pass.side_by_side` above 1 the group is cut into so many parts, and parts and series run at once: networks
/// too small to keep several cores busy by themselves do so together. A picture's result does not depend on the others
/// of its batch, so neither does it depend on the cut.
pub(crate) fn predict_group(
    pass: &Pass<'_>,
    plan: &Plan,
    series: &[usize],
    group: &[Corrupted],
    wants: &(impl Fn(&Key) -> Wants + Sync),
) -> Result<Vec<Seen>> {
    let part = group.len().div_ceil(pass.side_by_side).max(1);
    let work: Vec<_> =
        series.iter().flat_map(|&index| group.chunks(part).map(move |pictures| (index, pictures))).collect();
    let one = |&(index, pictures): &(usize, &[Corrupted])| {
        let pictures: Vec<_> = pictures.iter().map(Corrupted::picture).collect();
        predict_part(pass, plan, index, &pictures, wants)
    };
    let seen: Result<Vec<Vec<Seen>>> = if pass.side_by_side > 1 {
        work.par_iter().map(one).collect()
    } else {
        work.iter().map(one).collect()
    };
    Ok(seen?.into_iter().flatten().collect())
}

/// One series' view of pictures of one size.
pub(crate) fn predict_part(
    pass: &Pass<'_>,
    plan: &Plan,
    series: usize,
    pictures: &[Picture<'_>],
    wants: &(impl Fn(&Key) -> Wants + Sync),
) -> Result<Vec<Seen>> {
    let (name, entrant, mode) = &plan.series[series];
    let (model, inference) = (pass.entrants[*entrant].model, &pass.entrants[*entrant].modes[*mode].1);
    let keys: Vec<Key> = pictures.iter().map(|p| Key::new(name, p.condition, p.id)).collect();
    let views = model.view(pictures, inference, &|n| wants(&keys[n]));
    let alone = |n: usize| model.view(&pictures[n..=n], inference, &|_| wants(&keys[n])).map(|_| ());
    let views = views.map_err(|source| blamed(&keys, alone, source))?;
    let seen = keys.into_iter().zip(views).map(|(key, view)| Seen {
        key,
        series,
        classes: view.classes,
        scores: view.scores.map(Arc::new),
        moments: view.moments,
        clean: None,
        space: view.space,
    });
    Ok(seen.collect())
}

/// The failure of a batch, laid upon the picture that fails alone too: a view does not depend on the others of its batch.
/// Where each succeeds alone (memory ran out, for example), the batch as a whole is named.
fn blamed(
    keys: &[Key],
    alone: impl Fn(usize) -> std::result::Result<(), PredictorError>,
    source: PredictorError,
) -> Error {
    if let [only] = keys {
        return Error::Model { key: Box::new(only.clone()), source };
    }
    for (n, key) in keys.iter().enumerate() {
        if let Err(source) = alone(n) {
            return Error::Model { key: Box::new(key.clone()), source };
        }
    }
    Error::Batch { key: Box::new(keys[0].clone()), others: keys.len() - 1, source }
}
