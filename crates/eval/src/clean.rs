//! Keeps the clean predictions of the current image, with which its corrupted ones are compared.

use crate::corrupt::CorruptedInput;
use crate::plan::Plan;
use crate::predict::{SeriesPrediction, predict_part};
use crate::{Pass, Picture, Prediction, Result, Wants};
use scribe_records::{Condition, Key};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The predictions of one clean image that have scores, by the index of the series.
#[derive(Default)]
pub(crate) struct CleanPredictions {
    image_index: Option<usize>,
    by_series: BTreeMap<usize, Arc<Prediction>>,
}

impl CleanPredictions {
    /// Attaches the clean image's prediction to each prediction of a batch that needs it.
    ///
    /// The clean prediction is in the batch, or was kept from an earlier one. An evaluation that resumes in the middle of
    /// an image predicts the clean image once more: the same network gives the same bits. On a GPU that holds for batches of one
    /// number of images only, so there all conditions of an image are in one batch, as long as their scores keep the limit.
    pub(crate) fn attach(
        &mut self,
        pass: &Pass<'_>,
        plan: &Plan,
        group: &[CorruptedInput],
        predicted: &mut [SeriesPrediction],
        wants_clean: impl Fn(&Key) -> bool,
    ) -> Result<()> {
        let image_index = plan.jobs[group[0].job].image_index;
        if self.image_index != Some(image_index) {
            *self = CleanPredictions { image_index: Some(image_index), by_series: BTreeMap::new() };
        }
        for one in predicted.iter().filter(|one| one.key.condition.is_clean()) {
            // Kept only where another condition of the image will want it.
            let wanted =
                |condition: &Condition| wants_clean(&Key { condition: condition.clone(), ..one.key.clone() });
            if one.prediction.scores.is_some() && pass.conditions.iter().any(wanted) {
                self.by_series.insert(one.series, one.prediction.clone());
            }
        }
        for one in predicted.iter_mut().filter(|one| one.prediction.scores.is_some() && wants_clean(&one.key))
        {
            if !self.by_series.contains_key(&one.series) {
                let (clean, sample) = (Condition::clean(), &group[0].sample);
                let scores = Wants { scores: true, moments: false };
                let picture =
                    Picture { image_id: sample.id.as_str(), condition: &clean, image: &sample.image };
                let again = predict_part(pass, plan, one.series, &[picture], &|_| scores)?;
                let scored = again.into_iter().filter(|again| again.prediction.scores.is_some());
                self.by_series.extend(scored.map(|again| (again.series, again.prediction)));
            }
            one.clean = self.by_series.get(&one.series).cloned();
        }
        Ok(())
    }
}
