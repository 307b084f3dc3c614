//! What a network's outputs mean and what is minimised: plain data that the code of every device shares.

use serde::{Deserialize, Serialize};

/// The label of pixels that belong to no class (PASCAL VOC).
pub const VOID_LABEL: u8 = 255;

/// How a network's outputs become logits, and what is minimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How the background logit follows from the others; `None` where it is learned.
    pub background: Option<Background>,
    /// What is minimised.
    pub loss: Loss,
    /// What is done with pixels labelled [`VOID_LABEL`].
    pub void: VoidRule,
    /// Whether resizing maps corner pixels onto corner pixels.
    pub align_corners: bool,
}

/// How the background logit follows from the foreground logits, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Background {
    /// The function.
    pub form: Form,
    /// Before or after the upsampling.
    pub at: At,
}

/// The function from the foreground logits `v` to the background logit `b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// `b = -log(sum_m exp(v_m))`: the authors' code, and what eq. (2) of the paper follows from.
    NegLse,
    /// `b = -max_m v_m`: the prose of the paper's Fig. 1.
    NegMax,
}

/// Where the background logit is built. The two differ: `-LSE` is concave, so an interpolated `b` is at most the `b`
/// of interpolated `v`, and `Features` gives fewer background pixels at boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// At the size of the features; all channels are upsampled (the authors' notebook of 2020).
    Features,
    /// At full size, from upsampled foreground logits (the authors' readme of 2019).
    FullSize,
}

/// What is minimised, averaged over the pixels that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// `-log softmax(z)` of the label.
    CrossEntropy,
    /// Sigmoid cross-entropy.
    Sigmoid(Bce, Reduce),
}

/// Which terms of SCrIBE's binary cross-entropy count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bce {
    /// Every channel, present or absent: the authors' code.
    Full,
    /// Only the channel of the label: eq. (4) taken literally.
    PositiveOnly,
}

/// How the channels of one pixel are joined; pixels are always averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduce {
    /// Their sum.
    Sum,
    /// Their mean, as the authors' code: the gradient is `classes` times smaller than the sum's.
    Mean,
}

/// What a loss does with pixels labelled [`VOID_LABEL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoidRule {
    /// They do not count.
    Ignore,
    /// They are taught as background (class 0), as the authors' code does for SCrIBE.
    Background,
}

/// How the logits of each pixel at full size are read from outputs `[N, C, h, w]`: what is left of a [`Head`] once a
/// background logit that is built at the size of the features is among the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Readout {
    /// The function that gives the background logit from the `C` resized channels; `None` where it is channel 0.
    pub(crate) background: Option<Form>,
    /// Whether resizing maps corner pixels onto corner pixels.
    pub(crate) align_corners: bool,
}

impl Readout {
    /// For maps that hold the logits of all classes at full size.
    pub(crate) const LOGITS: Readout = Readout { background: None, align_corners: false };

    /// The number of classes that outputs of so many channels tell apart.
    pub(crate) fn classes(self, channels: usize) -> usize {
        channels + usize::from(self.background.is_some())
    }
}

impl Form {
    /// The name in recipes, and of the operator.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Form::NegLse => "neg_lse",
            Form::NegMax => "neg_max",
        }
    }
}

impl Reduce {
    /// The weight of one of `classes` channels.
    pub(crate) fn weight(self, classes: usize) -> f64 {
        match self {
            Reduce::Sum => 1.,
            Reduce::Mean => 1. / classes as f64,
        }
    }
}

impl VoidRule {
    /// The class that a pixel with this label is taught as, if any.
    pub(crate) fn class(self, label: u8) -> Option<u8> {
        match (label, self) {
            (VOID_LABEL, VoidRule::Ignore) => None,
            (VOID_LABEL, VoidRule::Background) => Some(0),
            (label, _) => Some(label),
        }
    }
}
