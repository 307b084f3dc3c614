//! Inference at one scale or several.

mod mean;
mod prediction;
mod queued;
mod turn;

pub(crate) use turn::turn;

pub use prediction::Prediction;
pub use queued::QueuedPrediction;

use crate::objective::{Objective, ObjectiveConfig};
use crate::ops::{AllFinite, Readout, ScoreSpace, VoidRule, mirror, upsample_bilinear};
use crate::{Error, Result};
use candle_core::Tensor;
use mean::Mean;
use prediction::Outputs;
use serde::{Deserialize, Serialize};

/// How images are predicted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Inference {
    /// Once, at the image's own size. The class with the largest logit wins.
    Single,
    /// At several scales, each also mirrored where `flip` is set. The scores are averaged, and the largest wins. The rule
    /// is TensorFlow DeepLab's: the logits of every scale are resized straight to the image's size, and scores are taken
    /// there.
    MultiScale {
        /// Factors on height and width. The paper's source uses 0.5 to 1.75 by 0.25.
        scales: Vec<f32>,
        /// Whether each scale is also run on the mirrored image.
        flip: bool,
        /// What is averaged. Where absent, it is the objective's own space.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        space: Option<ScoreSpace>,
    },
}

impl Inference {
    /// Checks the scales.
    ///
    /// # Errors
    /// [`Error::Setting`] when there is no scale, or one that is not in (0, 8].
    pub fn check(&self) -> Result<()> {
        let Inference::MultiScale { scales, .. } = self else { return Ok(()) };
        let good = !scales.is_empty() && scales.iter().all(|&s| s > 0. && s <= 8.);
        let expected = "at least one number, each in (0, 8]";
        if good {
            Ok(())
        } else {
            Err(Error::Setting { name: "scales", value: format!("{scales:?}"), expected })
        }
    }
}

/// Predicts images `x` `[N, C, H, W]` with a network that is none of this crate's: `outputs` gives the logits `[N, K, h, w]`
/// of images of any size, and is called once for each scale and mirrored image. Corners are not aligned. Where `how` names
/// no space, probabilities of the kind `own_space` are averaged.
///
/// # Errors
/// Those of `outputs`; [`Error::NotFinite`] where they hold a NaN or an infinity; [`Error::Space`] for [`ScoreSpace::RebuildBackground`], which such a network does not have;
/// [`Error::Setting`] for wrong scales.
pub fn predict_outputs(
    x: &Tensor,
    how: &Inference,
    own_space: ScoreSpace,
    outputs: impl Fn(&Tensor) -> Result<Tensor>,
) -> Result<Prediction> {
    let softmax = ObjectiveConfig::Softmax { void: VoidRule::Ignore }.build(false);
    let how = match how.clone() {
        Inference::MultiScale { scales, flip, space } => {
            Inference::MultiScale { scales, flip, space: space.or(Some(own_space)) }
        }
        Inference::Single => Inference::Single,
    };
    queue(x, &how, &Reader { objective: &softmax, align_corners: false, moments: false }, outputs)?.wait()
}

/// How the outputs of a network are read.
pub(crate) struct Reader<'a> {
    pub objective: &'a Objective,
    pub align_corners: bool,
    /// Whether moments of logits are wanted.
    pub moments: bool,
}

/// Runs `outputs`, which maps images to network outputs in evaluation, at the scales of `how`.
pub(crate) fn queue(
    x: &Tensor,
    how: &Inference,
    reader: &Reader<'_>,
    outputs: impl Fn(&Tensor) -> Result<Tensor>,
) -> Result<QueuedPrediction> {
    how.check()?;
    let size = (x.dim(2)?, x.dim(3)?);
    let mut all_finite = AllFinite::default();
    let outputs = |x: &Tensor| {
        let outputs = outputs(x)?;
        if all_finite.add(&outputs)? { Ok(outputs) } else { Err(Error::NotFinite) }
    };
    let (v, readout, space) = scores(x, how, reader, outputs)?;
    QueuedPrediction::new(Outputs { v, readout, size }, space, &all_finite, reader.moments)
}

/// What the classes are read from, how, and in which space: the outputs at one scale, or the mean over several.
fn scores(
    x: &Tensor,
    how: &Inference,
    reader: &Reader<'_>,
    mut outputs: impl FnMut(&Tensor) -> Result<Tensor>,
) -> Result<(Tensor, Readout, ScoreSpace)> {
    let Reader { objective, align_corners, .. } = *reader;
    let (_, _, h, w) = x.dims4()?;
    let Inference::MultiScale { scales, flip, space } = how else {
        let (v, readout) = objective.head().readout(&outputs(x)?)?;
        return Ok((v, readout, ScoreSpace::Logit));
    };
    let space = space.unwrap_or(objective.default_space());
    let mut mean = Mean::new(objective, space, (h, w))?;
    for &scale in scales {
        let size = (scaled(h, scale, align_corners), scaled(w, scale, align_corners));
        let resized =
            if size == (h, w) { x.clone() } else { upsample_bilinear(x, size.0, size.1, align_corners)? };
        for mirrored in [false, true].into_iter().take(1 + usize::from(*flip)) {
            let images = if mirrored { mirror(&resized)? } else { resized.clone() };
            mean.add(&outputs(&images)?, mirrored)?;
        }
    }
    Ok((objective.complete(&mean.finish()?, space)?, Readout::LOGITS, space))
}

/// The scaled length of a side, at least 1: `floor((side - 1) * scale + 1)` where corners are aligned (TensorFlow
/// DeepLab's `scale_dimension`), otherwise `side * scale` rounded half up.
fn scaled(side: usize, scale: f32, align_corners: bool) -> usize {
    let (side, scale) = (side as f64, f64::from(scale));
    let length = if align_corners { (side - 1.) * scale + 1. } else { side * scale + 0.5 };
    (length.floor() as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaled_sides() {
        // int((513 - 1) * s + 1) for s of TensorFlow DeepLab's list.
        let scales = [0.5, 0.75, 1., 1.25, 1.5, 1.75];
        assert_eq!(scales.map(|s| scaled(513, s, true)), [257, 385, 513, 641, 769, 897]);
        assert_eq!(scales.map(|s| scaled(97, s, false)), [49, 73, 97, 121, 146, 170]);
        assert_eq!(scaled(1, 0.1, false), 1);
    }

    #[test]
    fn scales_are_checked() {
        let msc = |scales| Inference::MultiScale { scales, flip: true, space: None };
        assert!(msc(vec![0.5, 1.]).check().is_ok());
        for bad in [vec![], vec![0.], vec![f32::NAN], vec![9.]] {
            assert!(msc(bad).check().unwrap_err().to_string().starts_with("scales = "));
        }
    }
}
