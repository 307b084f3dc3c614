//! The sections of a recipe.

use scribe_model::ObjectiveConfig;
use scribe_train::Poly;
use serde::{Deserialize, Serialize};

/// `[data]`: which pictures are trained on and tested on. Their folder is an argument, not part of the recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSection {
    /// The training list.
    pub train_set: TrainSetName,
    /// The label folder.
    pub labels: LabelFolderName,
    /// The most pixels of a picture or a label map; 2^27 where absent. It is not part of the recipe's digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_pixels: Option<u64>,
    /// The drawn set, where `train_set = "synthetic"` and no folder is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synthetic: Option<SyntheticSection>,
}

/// The training list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainSetName {
    /// Pictures that the program draws.
    Synthetic,
    /// VOC's own `train.txt` (1,464 pictures).
    Voc,
    /// VOC train and SBD `train_noval`, one after the other: 7,087 entries, some pictures twice, as the authors do.
    VocSbdNoval,
    /// The usual `train_aug` list: 10,582 pictures.
    TrainAug,
}

impl std::fmt::Display for TrainSetName {
    /// As a recipe spells it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            TrainSetName::Synthetic => "synthetic",
            TrainSetName::Voc => "voc",
            TrainSetName::VocSbdNoval => "voc_sbd_noval",
            TrainSetName::TrainAug => "train_aug",
        })
    }
}

/// The label folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelFolderName {
    /// `SegmentationClass` where it exists, else `SegmentationClassAug`; the other way round for lists whose
    /// name contains `aug`.
    Auto,
    /// `SegmentationClass`.
    Class,
    /// `SegmentationClassAug`.
    ClassAug,
}

/// `[data.synthetic]`: the drawn set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyntheticSection {
    /// Training pictures.
    pub train: usize,
    /// Validation pictures.
    pub val: usize,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// VOC class ids that are drawn, 1..=20.
    pub classes: Vec<u8>,
    /// Seed of the drawing.
    pub seed: u64,
}

/// `[[models]]`: one model that is trained and compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelRecipe {
    /// Its id in files and keys.
    pub id: String,
    /// Its name in tables.
    pub label: String,
    /// Its head and loss.
    pub objective: ObjectiveConfig,
}

/// `[train]`: the optimisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainSection {
    /// Whether the backbone starts from a file of weights, which is then an argument.
    pub pretrained: bool,
    /// The picture's short side is drawn from this range, in pixels, both ends included.
    pub short_side: [u32; 2],
    /// Side of the square crop in pixels.
    pub crop: u32,
    /// Colour jitter: brightness, contrast, saturation, hue; all 0 switches it off.
    pub jitter: [f64; 4],
    /// Whether half of the pictures are mirrored.
    pub flip: bool,
    /// Pictures per step.
    pub batch: usize,
    /// Passes over the training list.
    pub epochs: u64,
    /// Steps; where it is not 0, it overrides `epochs`.
    pub steps: u64,
    /// Starting learning rate of the backbone.
    pub lr_backbone: f64,
    /// Starting learning rate of ASPP, decoder and classifier.
    pub lr_head: f64,
    /// Momentum.
    pub momentum: f64,
    /// Weight decay, on every parameter.
    pub weight_decay: f64,
    /// The schedule.
    pub poly: Poly,
    /// Epochs between validations on the clean pictures; 0 never validates.
    pub validate_every: u64,
    /// Whether batch norm takes its statistics over the pictures of all processes, where several train together.
    /// `false` where the key is absent, and then it is not part of the recipe's digest: stores made before it stay valid.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sync_batch_norm: bool,
}

/// `[eval]`: the test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvalSection {
    /// `native`, `short:N` or `squash:N`; applied to picture and label before the corruption.
    pub view: String,
    /// Only the first validation pictures of the list, this many; 0 takes all.
    pub limit: usize,
    /// `imagecorruptions` (any size) or `imagenet_c` (224 x 224).
    pub suite: String,
    /// Names of corruptions, groups of them (`noise`, ...), `all` for the paper's 15, or `extras`; see
    /// [`scribe_corruptions::Suite::select`].
    #[serde(deserialize_with = "super::words::words")]
    pub corruptions: Vec<String>,
    /// Severities, of 1..=5.
    pub severities: Vec<u8>,
    /// `single`, `msc`, and `msc-softmax`, `msc-sigmoid`, `msc-logit`, `msc-rebuild` for other averaging spaces.
    pub modes: Vec<String>,
    /// Scales of multi-scale inference.
    pub scales: Vec<f64>,
    /// Whether multi-scale inference adds the mirrored picture.
    pub flip: bool,
    /// The seed from which every picture's noise follows.
    pub master_seed: u64,
    /// What is counted besides confusions: `moments`, `cross_moments`, `calibration`, `non_distinctiveness`.
    pub records: Vec<String>,
    /// Blocks of images that the logit moments are kept in, and the most shards that a run can have.
    pub moment_blocks: u32,
    /// Bins of confidence, all of the same width.
    pub calibration_bins: usize,
    /// How many of the first pictures are kept as example panels.
    pub panels: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn training_lists_are_spelt_as_in_a_recipe() {
        for set in
            [TrainSetName::Synthetic, TrainSetName::Voc, TrainSetName::VocSbdNoval, TrainSetName::TrainAug]
        {
            assert_eq!(serde_json::to_value(set).unwrap(), set.to_string());
        }
    }
}
