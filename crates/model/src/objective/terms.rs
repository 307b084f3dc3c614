//! The choices that a loss leaves open.

use crate::ops;
use serde::{Deserialize, Serialize};

/// What a loss does with pixels labelled 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoidRule {
    /// They do not count.
    Ignore,
    /// They are taught as background (class 0), as the authors' code does for SCrIBE.
    Background,
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

impl From<VoidRule> for ops::Void {
    fn from(rule: VoidRule) -> ops::Void {
        match rule {
            VoidRule::Ignore => ops::Void::Ignore,
            VoidRule::Background => ops::Void::AsBackground,
        }
    }
}

impl From<Reduce> for ops::ChannelReduction {
    fn from(reduce: Reduce) -> ops::ChannelReduction {
        match reduce {
            Reduce::Sum => ops::ChannelReduction::Sum,
            Reduce::Mean => ops::ChannelReduction::Mean,
        }
    }
}
