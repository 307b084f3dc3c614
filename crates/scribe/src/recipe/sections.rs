//! The sections of a recipe but `[data]`.

use super::classes::ClassesSetting;
use super::network::NetworkSetting;
use scribe_corrupt_set::{is_usual, usual};
use scribe_corruptions::ChannelOrder;
use scribe_dataset::CorruptionPlace;
use scribe_model::ObjectiveConfig;
use scribe_train::Poly;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// `[[models]]`: one model that is compared, and trained where it does not come from a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelRecipe {
    /// Its id in files and keys.
    pub id: String,
    /// Its name in tables.
    pub label: String,
    /// The file of its network (.safetensors or .pth), below the recipe's folder or the current one; a loaded recipe has the
    /// whole path. It is evaluated and not trained, under training seed 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<PathBuf>,
    /// How the classes that it knows become those that are scored: rules such as `person -> person, * -> background,
    /// sky -> ignore`, or the path of a file of them. A loaded recipe has the rules. It cannot be trained here then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<String>,
    /// Its head and loss.
    pub objective: ObjectiveConfig,
    /// The classes that it knows, in the order of its channels, where they are others than those that are scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<ClassesSetting>,
    /// Its architecture, where that is another than `[model]`'s. It cannot be trained here then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkSetting>,
}

/// `[[eval.conditions]]`: the test pictures under a condition that no corruption makes, such as real fog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenCondition {
    /// Its name; in stores and tables `real_` is before it.
    pub name: String,
    /// Its severity, 1 to 5.
    pub severity: u8,
    /// Its pictures, below the data's folder, with `{id}` where the id of a test picture stands.
    pub pictures: String,
    /// Its label maps in the same way; those of the test pictures where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<String>,
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
    /// `native`, `short:N` or `squash:N`; applied to picture and label.
    pub view: String,
    /// The order in which the corruptions see the channels of a pixel: `rgb`, which is not written down, or `bgr`. Networks see
    /// red first in either case.
    #[serde(default = "usual::<ChannelOrder>", skip_serializing_if = "is_usual::<ChannelOrder>")]
    pub channel_order: String,
    /// `after_view`, which is not written down: pictures are corrupted at the size of the test; or `before_view`: at the size of
    /// their files, before the view.
    #[serde(default = "usual::<CorruptionPlace>", skip_serializing_if = "is_usual::<CorruptionPlace>")]
    pub corrupt: String,
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
    #[serde(deserialize_with = "super::words::words")]
    pub modes: Vec<String>,
    /// Scales of multi-scale inference.
    pub scales: Vec<f64>,
    /// Whether multi-scale inference adds the mirrored picture.
    pub flip: bool,
    /// The seed from which every picture's noise follows. A checked recipe has it; where it is absent, it is the first of
    /// `master_seeds`. Beside a list it must be the first of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub master_seed: Option<u64>,
    /// Several of them: every corruption that draws is then drawn once for each of these and no other. The first is that of all
    /// records but the confusions. Empty for one draw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub master_seeds: Vec<u64>,
    /// What is counted besides confusions: `moments`, `cross_moments`, `calibration`, `temperatures`,
    /// `non_distinctiveness`.
    #[serde(deserialize_with = "super::words::words")]
    pub records: Vec<String>,
    /// Blocks of images that the logit moments are kept in, and the most shards that a run can have.
    pub moment_blocks: u32,
    /// Bins of confidence, all of the same width.
    pub calibration_bins: usize,
    /// How many of the first pictures are kept as example panels.
    pub panels: usize,
    /// Conditions whose pictures are given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<GivenCondition>,
}

impl EvalSection {
    /// The first master seed, of which everything is counted.
    pub fn first_seed(&self) -> u64 {
        self.master_seed.or(self.master_seeds.first().copied()).unwrap_or_default()
    }

    /// The master seeds behind the first one, of which confusions are counted.
    pub fn further_seeds(&self) -> Vec<u64> {
        self.master_seeds.iter().copied().filter(|seed| *seed != self.first_seed()).collect()
    }
}
