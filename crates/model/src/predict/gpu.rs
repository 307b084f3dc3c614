//! A prediction whose logits stay on the GPU until they are needed.

use super::{Prediction, Scores};
use crate::Result;
use crate::objective::{Head, Objective, ScoreSpace};
use crate::ops::cuda::{Classes, head_classes, head_moments};
use candle_core::Tensor;
use std::sync::Arc;

/// The network's outputs and the classes that were found in them.
#[derive(Clone, Debug)]
pub(crate) struct Outputs {
    v: Tensor,
    head: Head,
    size: (usize, usize),
    classes: Arc<Classes>,
}

/// The class of each pixel, found without computing logits at full size.
pub(super) fn single(v: &Tensor, objective: &dyn Objective, size: (usize, usize)) -> Result<Prediction> {
    let head = objective.head();
    let (outputs, on_gpu) = head.on_gpu(v)?;
    let classes = head_classes(&outputs, size, on_gpu, None)?;
    let host = classes.to_vec()?;
    let outputs = Outputs { v: v.clone(), head, size, classes: Arc::new(classes) };
    Ok(Prediction { classes: host, space: ScoreSpace::Logit, scores: Scores::OnGpu(outputs) })
}

impl Outputs {
    pub(super) fn logits(&self) -> Result<Tensor> {
        self.head.logits(&self.v, self.size)
    }

    pub(super) fn moments(&self, image: usize) -> Result<Vec<f64>> {
        let (v, head) = self.head.on_gpu(&self.v)?;
        Ok(head_moments(&v, self.size, head, &self.classes, image)?)
    }
}
