//! The spaces in which predictions of several scales are averaged.

use serde::{Deserialize, Serialize};

/// What is averaged over scales and flips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreSpace {
    /// `softmax(z)`: TensorFlow DeepLab; the default of Softmax and IBE.
    Softmax,
    /// `sigmoid(z)`: the default of SCrIBE, by analogy.
    Sigmoid,
    /// `z` itself.
    Logit,
    /// The foreground logits; the background logit is built from their mean.
    RebuildBackground,
}

impl ScoreSpace {
    /// The name in recipes.
    pub fn name(self) -> &'static str {
        match self {
            ScoreSpace::Softmax => "softmax",
            ScoreSpace::Sigmoid => "sigmoid",
            ScoreSpace::Logit => "logit",
            ScoreSpace::RebuildBackground => "rebuild_background",
        }
    }

    /// The number of channels that are averaged, of so many classes.
    pub(crate) fn channels(self, classes: usize) -> usize {
        classes - usize::from(self == ScoreSpace::RebuildBackground)
    }
}
