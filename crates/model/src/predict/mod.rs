//! Inference at one scale or several.

mod mean;
mod turn;

use crate::objective::{Objective, ObjectiveConfig};
use crate::ops::{
    Readout, ScoreSpace, VoidRule, classes, logit_planes, mirror, moments, planar_logits, upsample_bilinear,
};
use crate::{Error, Result};
use candle_core::Tensor;
use mean::Mean;
use serde::{Deserialize, Serialize};
use turn::in_turn;

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

/// What a network predicts for a batch of images.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// The class of each pixel, `[N, H, W]` in memory order.
    pub classes: Vec<u8>,
    /// The space of what [`Prediction::logits`] gives. It is [`ScoreSpace::Logit`] for [`Inference::Single`].
    pub space: ScoreSpace,
    outputs: Outputs,
}

/// What the scores are read from.
#[derive(Clone, Debug)]
struct Outputs {
    /// `[N, C, h, w]`: the network's outputs, or averaged scores at full size.
    v: Tensor,
    readout: Readout,
    /// Height and width of the images.
    size: (usize, usize),
}

impl Prediction {
    fn new(v: Tensor, readout: Readout, size: (usize, usize), space: ScoreSpace) -> Result<Prediction> {
        let classes = classes(&v, size, readout)?;
        Ok(Prediction { classes, space, outputs: Outputs { v, readout, size } })
    }

    /// Scores `[N, K, H, W]` at full size, contiguous: logits from [`Inference::Single`], otherwise the averaged scores in
    /// `space`.
    ///
    /// Logits are computed by this call, because the classes did not need them.
    ///
    /// # Errors
    /// When the memory is full.
    pub fn logits(&self) -> Result<Tensor> {
        let Outputs { v, readout, size } = &self.outputs;
        Ok(planar_logits(v, *size, *readout)?)
    }

    /// [`Prediction::logits`] of image `image` of the batch in f32 on the host: `K` planes of the image's size, class after
    /// class.
    ///
    /// # Errors
    /// When there is no such image, or the memory is full.
    pub fn planes(&self, image: usize) -> Result<Vec<f32>> {
        let Outputs { v, readout, size } = &self.outputs;
        Ok(logit_planes(&v.narrow(0, image, 1)?, *size, *readout)?)
    }

    /// Sums over the pixels of each predicted class of each image of the batch: the number of pixels, the `K` logits, and
    /// the upper triangle of their products, row by row, `[N, K, 1 + K + K (K + 1) / 2]`. `None` where the device has no
    /// kernel for it, or the prediction has no logits.
    ///
    /// # Errors
    /// When the kernel fails.
    pub fn moments(&self) -> Result<Option<Vec<f64>>> {
        if self.space != ScoreSpace::Logit {
            return Ok(None);
        }
        let Outputs { v, readout, size } = &self.outputs;
        Ok(moments(v, &self.classes, *size, *readout)?)
    }
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
    predict(x, &how, &softmax, false, outputs)
}

/// Runs `outputs`, which maps images to network outputs in evaluation, at the scales of `how`.
pub(crate) fn predict(
    x: &Tensor,
    how: &Inference,
    objective: &Objective,
    align_corners: bool,
    outputs: impl Fn(&Tensor) -> Result<Tensor>,
) -> Result<Prediction> {
    how.check()?;
    let (_, _, h, w) = x.dims4()?;
    let Inference::MultiScale { scales, flip, space } = how else {
        let (v, readout) = objective.head().readout(&in_turn(x, &outputs)?)?;
        return Prediction::new(v, readout, (h, w), ScoreSpace::Logit);
    };
    let space = space.unwrap_or(objective.default_space());
    let mut mean = Mean::new(objective, space, (h, w))?;
    for &scale in scales {
        let size = (scaled(h, scale, align_corners), scaled(w, scale, align_corners));
        let resized =
            if size == (h, w) { x.clone() } else { upsample_bilinear(x, size.0, size.1, align_corners)? };
        for mirrored in [false, true].into_iter().take(1 + usize::from(*flip)) {
            let images = if mirrored { mirror(&resized)? } else { resized.clone() };
            mean.add(&in_turn(&images, &outputs)?, mirrored)?;
        }
    }
    let scores = objective.complete(&mean.finish()?, space)?;
    Prediction::new(scores, Readout::LOGITS, (h, w), space)
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
