//! The clean logits of the picture in work, against which those under its other conditions are held.

use crate::corrupt::Corrupted;
use crate::plan::Plan;
use crate::predict::{Seen, predict_part};
use crate::{Pass, Picture, Result, Wants};
use scribe_records::{Condition, Key};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The clean scores of one picture, by the index of the series.
#[derive(Default)]
pub(crate) struct CleanScores {
    image: Option<usize>,
    scores: BTreeMap<usize, Arc<Vec<f32>>>,
}

impl CleanScores {
    /// Gives each prediction of one batch that wants them the clean scores of its picture.
    ///
    /// They come from the batch if the clean picture is in it, or were kept from an earlier one. A run that goes on in
    /// the middle of a picture predicts the clean picture once more: the same network gives the same bits.
    pub fn attach(
        &mut self,
        pass: &Pass<'_>,
        plan: &Plan,
        group: &[Corrupted],
        seen: &mut [Seen],
        wants_clean: impl Fn(&Key) -> bool,
    ) -> Result<()> {
        let image = plan.jobs[group[0].job].image;
        if self.image != Some(image) {
            *self = CleanScores { image: Some(image), scores: BTreeMap::new() };
        }
        for one in seen.iter().filter(|one| one.key.condition.is_clean()) {
            // Kept only where a later condition of the picture will ask.
            let later = Key { condition: any_other(pass), ..one.key.clone() };
            if let (Some(scores), true) = (&one.scores, wants_clean(&later)) {
                self.scores.insert(one.series, scores.clone());
            }
        }
        for one in seen.iter_mut().filter(|one| one.scores.is_some() && wants_clean(&one.key)) {
            if !self.scores.contains_key(&one.series) {
                let (clean, sample) = (Condition::clean(), &group[0].sample);
                let scores = Wants { scores: true, moments: false };
                let picture = Picture { id: sample.id.as_str(), condition: &clean, pixels: &sample.image };
                let again = predict_part(pass, plan, one.series, &[picture], &|_| scores)?;
                self.scores.extend(again.into_iter().filter_map(|a| Some((a.series, a.scores?))));
            }
            one.clean = self.scores.get(&one.series).cloned();
        }
        Ok(())
    }
}

/// Some condition that is not clean, or clean where the pass has no other.
fn any_other(pass: &Pass<'_>) -> Condition {
    pass.conditions.iter().find(|c| !c.is_clean()).cloned().unwrap_or_else(Condition::clean)
}
