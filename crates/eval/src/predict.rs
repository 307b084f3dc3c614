//! Predicts a batch of corrupted images by predictors and modes, one after another or several at once.

use crate::corrupt::CorruptedInput;
use crate::plan::Plan;
use crate::{AskError, Error, Pass, Picture, Prediction, PredictorError, Result, Wants};
use rayon::prelude::*;
use scribe_records::Key;
use std::sync::Arc;

/// The prediction of one series for one image.
pub(crate) struct SeriesPrediction {
    pub key: Key,
    /// Index of the series in the plan.
    pub series: usize,
    pub prediction: Arc<Prediction>,
    /// The prediction of the clean image with its scores, if some sink needs it.
    pub clean: Option<Arc<Prediction>>,
}

/// The predictions of every series of `series` for every image of `group`, series by series, in the group's order.
///
/// With `pass.side_by_side` above 1 the group is cut into as many parts, and parts and series run at once: networks that
/// are too small to keep several cores busy do so together. The prediction of an image does not depend on the others of
/// its batch, so the cut does not change it.
pub(crate) fn predict_group(
    pass: &Pass<'_>,
    plan: &Plan,
    series: &[usize],
    group: &[CorruptedInput],
    wants: &(impl Fn(&Key) -> Wants + Sync),
) -> Result<Vec<SeriesPrediction>> {
    let part = group.len().div_ceil(pass.side_by_side).max(1);
    let work: Vec<_> =
        series.iter().flat_map(|&index| group.chunks(part).map(move |pictures| (index, pictures))).collect();
    let one = |&(index, pictures): &(usize, &[CorruptedInput])| {
        let pictures: Vec<_> = pictures.iter().map(CorruptedInput::picture).collect();
        predict_part(pass, plan, index, &pictures, wants)
    };
    let predicted: Result<Vec<Vec<SeriesPrediction>>> = if pass.side_by_side > 1 {
        work.par_iter().map(one).collect()
    } else {
        work.iter().map(one).collect()
    };
    Ok(predicted?.into_iter().flatten().collect())
}

/// The predictions of one series for images of one size.
pub(crate) fn predict_part(
    pass: &Pass<'_>,
    plan: &Plan,
    series: usize,
    pictures: &[Picture<'_>],
    wants: &(impl Fn(&Key) -> Wants + Sync),
) -> Result<Vec<SeriesPrediction>> {
    let planned = &plan.series[series];
    let entrant = &pass.entrants[planned.entrant];
    let (predictor, how) = (entrant.predictor, &entrant.modes[planned.mode].1);
    let keys: Vec<Key> =
        pictures.iter().map(|p| Key::new(&planned.series, p.condition, p.image_id)).collect();
    let predictions = predictor.predict(pictures, how, &|n| wants(&keys[n]));
    let alone = |n: usize| predictor.predict(&pictures[n..=n], how, &|_| wants(&keys[n])).map(drop);
    let predictions = predictions.map_err(|source| blamed(&keys, alone, source))?;
    let predicted = keys.into_iter().zip(predictions).map(|(key, prediction)| SeriesPrediction {
        key,
        series,
        prediction: Arc::new(prediction),
        clean: None,
    });
    Ok(predicted.collect())
}

/// The failure of a batch, with the key of the image that also fails alone. Where each succeeds alone (memory ran out, for
/// example), the batch as a whole is named.
fn blamed(
    keys: &[Key],
    alone: impl Fn(usize) -> std::result::Result<(), PredictorError>,
    source: PredictorError,
) -> Error {
    if source.downcast_ref::<AskError>().is_some_and(AskError::is_final) {
        return Error::Lost { model: keys[0].model.clone(), source };
    }
    if let [only] = keys {
        return Error::Predictor { key: Box::new(only.clone()), source };
    }
    for (n, key) in keys.iter().enumerate() {
        if let Err(source) = alone(n) {
            return Error::Predictor { key: Box::new(key.clone()), source };
        }
    }
    Error::Batch { key: Box::new(keys[0].clone()), others: keys.len() - 1, source }
}
