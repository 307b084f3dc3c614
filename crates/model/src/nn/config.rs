//! The architecture of a network, as a recipe gives it.

use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The decoder behind ASPP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decoder {
    /// None, so that low-level features are not used: DeepLabV3, as torchvision builds it.
    None,
    /// DeepLabV3+ with one 3x3 convolution.
    One,
    /// DeepLabV3+ with two 3x3 convolutions, as its paper describes.
    Two,
}

/// How many pixels of the image one pixel of the deepest feature map covers along each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub enum Stride {
    /// 8: the last two stages are dilated.
    Eight,
    /// 16: the last stage is dilated.
    Sixteen,
    /// 32: nothing is dilated, as in a ResNet-50 for classification.
    ThirtyTwo,
}

/// The architecture of a network. It has no default, because a recipe gives every value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeepLabConfig {
    /// DeepLabV3 (`none`) or DeepLabV3+ (`one`, `two`).
    pub decoder: Decoder,
    /// 8, 16 or 32.
    pub output_stride: Stride,
    /// Dilations of ASPP's three 3x3 convolutions: 6/12/18 at stride 16, 12/24/36 at stride 8.
    pub rates: [usize; 3],
    /// Weight of the newest batch in the running statistics, in (0, 1]. The convention is PyTorch's, whose default is 0.1.
    pub bn_momentum: f64,
    /// Probability, in [0, 1), of dropping a value of ASPP's output in training.
    pub dropout: f64,
    /// Whether every bilinear resizing maps corner pixels onto corner pixels.
    pub align_corners: bool,
    /// Multiplier of the numbers of channels, in [0.01, 4], below which every layer would have the fewest; 1 is ResNet-50. Every number `c` except the image's 3 and the
    /// outputs becomes `width * c`, rounded to a multiple of 4 and at least 4. A block still ends in 4 times its inner
    /// channels.
    pub width: f64,
}

impl DeepLabConfig {
    /// The shape of torchvision's `deeplabv3_resnet50`, whose weights for 21 classes are the file
    /// `deeplabv3_resnet50_coco`: DeepLabV3, output stride 8, dilations 12, 24 and 36.
    ///
    /// ```
    /// use scribe_model::{DeepLabConfig, Stride};
    ///
    /// let net = DeepLabConfig::torchvision();
    /// assert_eq!((net.output_stride, net.rates, net.width), (Stride::Eight, [12, 24, 36], 1.0));
    /// ```
    #[must_use]
    pub const fn torchvision() -> DeepLabConfig {
        DeepLabConfig {
            decoder: Decoder::None,
            output_stride: Stride::Eight,
            rates: [12, 24, 36],
            bn_momentum: 0.1,
            // Of `torchvision.models.segmentation.deeplabv3.ASPP`.
            dropout: 0.5,
            align_corners: false,
            width: 1.0,
        }
    }

    /// Checks that every value is in its range.
    ///
    /// # Errors
    /// [`Error::Setting`] for the first value that is not.
    pub fn check(&self) -> Result<()> {
        let bad = |name, value: String, expected| Err(Error::Setting { name, value, expected });
        if self.rates.contains(&0) {
            return bad("rates", format!("{:?}", self.rates), "three dilations of at least 1");
        }
        if !(self.bn_momentum > 0. && self.bn_momentum <= 1.) {
            return bad("bn_momentum", self.bn_momentum.to_string(), "a number in (0, 1]");
        }
        if !(0. ..1.).contains(&self.dropout) {
            return bad("dropout", self.dropout.to_string(), "a number in [0, 1)");
        }
        if !(0.01..=4.).contains(&self.width) {
            return bad("width", self.width.to_string(), "a number in [0.01, 4]");
        }
        Ok(())
    }

    /// The channels of a layer that has `full` of them at width 1.
    pub(crate) fn channels(&self, full: usize) -> usize {
        ((full as f64 * self.width / 4.).round() as usize * 4).max(4)
    }
}

impl Stride {
    /// The index of the first stage whose stride is replaced by a dilation.
    pub(crate) fn first_dilated_stage(self) -> usize {
        match self {
            Stride::Eight => 2,
            Stride::Sixteen => 3,
            Stride::ThirtyTwo => 4,
        }
    }
}

impl TryFrom<u32> for Stride {
    type Error = String;

    fn try_from(value: u32) -> std::result::Result<Stride, String> {
        match value {
            8 => Ok(Stride::Eight),
            16 => Ok(Stride::Sixteen),
            32 => Ok(Stride::ThirtyTwo),
            other => Err(format!("output stride {other}: expected 8, 16 or 32")),
        }
    }
}

impl From<Stride> for u32 {
    fn from(stride: Stride) -> u32 {
        match stride {
            Stride::Eight => 8,
            Stride::Sixteen => 16,
            Stride::ThirtyTwo => 32,
        }
    }
}
