//! A batch of corrupted pictures through models and modes, one after the other or several at once.

use crate::corrupt::Corrupted;
use crate::plan::Plan;
use crate::{Error, Pass, Result};
use candle_core::{DType, Tensor};
use image::RgbImage;
use rayon::prelude::*;
use scribe_model::{ScoreSpace, input};
use scribe_records::{Condition, Key};
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
    /// The same of the clean picture, where somebody wants them.
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
    wants_scores: &(impl Fn(&Key) -> bool + Sync),
) -> Result<Vec<Seen>> {
    let part = group.len().div_ceil(pass.side_by_side).max(1);
    let work: Vec<_> =
        series.iter().flat_map(|&index| group.chunks(part).map(move |pictures| (index, pictures))).collect();
    let one = |&(index, pictures): &(usize, &[Corrupted])| {
        let pictures: Vec<_> =
            pictures.iter().map(|c| (c.input.image.as_str(), &c.input.condition, &c.image)).collect();
        predict_part(pass, plan, index, &pictures, wants_scores)
    };
    let seen: Result<Vec<Vec<Seen>>> = if pass.side_by_side > 1 {
        work.par_iter().map(one).collect()
    } else {
        work.iter().map(one).collect()
    };
    Ok(seen?.into_iter().flatten().collect())
}

/// One series' view of pictures of one size, each with its id and condition.
pub(crate) fn predict_part(
    pass: &Pass<'_>,
    plan: &Plan,
    series: usize,
    pictures: &[(&str, &Condition, &RgbImage)],
    wants_scores: &(impl Fn(&Key) -> bool + Sync),
) -> Result<Vec<Seen>> {
    let (name, entrant, mode) = &plan.series[series];
    let (model, inference) = (pass.entrants[*entrant].model, &pass.entrants[*entrant].modes[*mode].1);
    let key = |n: usize| Key::new(name, pictures[n].1, pictures[n].0);
    let failed = |source| Error::Model { key: Box::new(key(0)), source: Box::new(source) };
    let (width, height) = pictures[0].2.dimensions();
    let pixels: Vec<&[u8]> = pictures.iter().map(|p| p.2.as_raw().as_slice()).collect();
    let x = input::from_rgb(&pixels, height as usize, width as usize, model.parameters().device());
    let prediction = model.predict(&x.map_err(failed)?, inference).map_err(failed)?;
    let area = width as usize * height as usize;
    let seen = (0..pictures.len()).map(|n| {
        let key = key(n);
        let scores = wants_scores(&key).then(|| planes(&prediction.logits, n)).transpose();
        Ok(Seen {
            scores: scores.map_err(|error| failed(error.into()))?.map(Arc::new),
            clean: None,
            key,
            series,
            classes: prediction.classes[n * area..][..area].to_vec(),
            space: prediction.space,
        })
    });
    seen.collect()
}

/// The score planes of one picture of a batch, on the host.
fn planes(scores: &Tensor, n: usize) -> candle_core::Result<Vec<f32>> {
    scores.get(n)?.to_dtype(DType::F32)?.flatten_all()?.to_vec1()
}
