//! The manifest of a store: how its results were made, and what may be added to them.

mod build;
mod check;
mod extend;
mod facts;
mod info;
mod names;
mod texts;

pub use extend::Difference;
pub use facts::RunFacts;
pub use info::{CorruptionInfo, ModelInfo};

use crate::{Condition, FrostSource, Mode, ModelId, Series};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the results of a store were made; the store keeps it as JSON.
///
/// [`Manifest::new`] gives the defaults, and the methods of the same names as the fields change them. There is no clock in
/// it: the same run of the same code writes the same manifest.
///
/// ```
/// use scribe_records::{Manifest, ModelInfo};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let manifest = Manifest::new(["background", "cat"])
///     .models(vec![ModelInfo::new("mine".parse()?, "My network")])
///     .images(["2007_000033", "2007_000042"]);
/// assert_eq!(manifest.class_count(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Digest of the recipe keys that decide results; stores of different digests never mix.
    pub recipe_digest: String,
    /// Those keys, flattened (`eval.view` = `squash:224`), so that a mismatch can be shown key by key, and among them
    /// [`RunFacts`].
    pub recipe: BTreeMap<String, String>,
    /// The revision of the code that created the store.
    pub code_revision: String,
    /// Other revisions that added to the store later, in the order in which they came.
    pub later_revisions: Vec<String>,
    /// Versions of what takes part: our crates, candle, the compiler.
    pub versions: BTreeMap<String, String>,
    /// Names of the classes; class 0 is the background where [`Manifest::has_background`].
    pub class_names: Vec<String>,
    /// The RGB colours in which the classes are shown; empty stands for VOC's palette, as in stores that were made before
    /// they were kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub class_colours: Vec<[u8; 3]>,
    /// Whether class 0 is the background: what belongs to none of the other classes. Kept only where it is not.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub has_background: bool,
    /// The models, in the order of the tables.
    pub models: Vec<ModelInfo>,
    /// The modes of inference, in the order of the tables.
    pub modes: Vec<Mode>,
    /// The suite of corruptions: `imagenet_c` or `imagecorruptions`.
    pub suite: String,
    /// The corruptions, in the order of the tables.
    pub corruptions: Vec<CorruptionInfo>,
    /// The severities, ascending, for example 1 to 5.
    pub severities: Vec<u8>,
    /// Where frost's textures come from.
    pub frost_source: FrostSource,
    /// The seed from which every corruption's seed follows.
    pub master_seed: u64,
    /// Further master seeds: the same pictures under the same conditions with other noise, of which confusions alone are
    /// kept. Not there in a store of one master seed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further_seeds: Vec<u64>,
    /// The corruptions that draw no random number, so that further master seeds change nothing about them. Kept only beside
    /// further master seeds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drawless: Vec<String>,
    /// How an image is brought to the size of the test, for example `squash:224`.
    pub view: String,
    /// The order in which the corruptions saw the channels of a pixel, `rgb` or `bgr`. Kept only where it is not `rgb`, as
    /// it was in stores that were made before it could be another.
    #[serde(default = "rgb", skip_serializing_if = "is_rgb")]
    pub channel_order: String,
    /// Whether images were corrupted after the view or before it, `after_view` or `before_view`. Kept only where it was
    /// before.
    #[serde(default = "after_view", skip_serializing_if = "is_after_view")]
    pub corruption_place: String,
    /// The number of blocks of images over which moments are summed; see [`crate::moment_block`].
    pub moment_blocks: u32,
    /// The ids of the images, in the order of the split.
    pub images: Vec<String>,
    /// [`crate::DataIdentity::digest`] of those images and their label maps; empty in a store that was made before it was
    /// kept. The store sets it and ignores what a caller puts here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub data_sha256: String,
    /// The program that created the store, for example `scribe 0.1.0`.
    pub created_by: String,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_yes(value: &bool) -> bool {
    *value
}

fn rgb() -> String {
    "rgb".to_owned()
}

fn is_rgb(value: &str) -> bool {
    value == "rgb"
}

fn after_view() -> String {
    "after_view".to_owned()
}

fn is_after_view(value: &str) -> bool {
    value == "after_view"
}

impl Manifest {
    /// Clean and then every corruption at every severity, in the order of the tables.
    pub fn conditions(&self) -> Vec<Condition> {
        let corrupted = self.corruptions.iter().flat_map(|c| {
            let severities = if c.severities.is_empty() { &self.severities } else { &c.severities };
            severities.iter().map(|&severity| Condition { corruption: c.name.clone(), severity })
        });
        std::iter::once(Condition::clean()).chain(corrupted).collect()
    }

    /// The conditions that a further master seed changes, in the order of the tables: those of corruptions that draw.
    pub fn drawn_conditions(&self) -> Vec<Condition> {
        let given: Vec<&str> =
            self.corruptions.iter().filter(|c| c.is_given()).map(|c| c.name.as_str()).collect();
        let draws = |c: &Condition| {
            !c.is_clean() && !given.contains(&c.corruption.as_str()) && !self.drawless.contains(&c.corruption)
        };
        self.conditions().into_iter().filter(draws).collect()
    }

    /// Every model, seed and mode, in the order of the tables.
    pub fn series(&self) -> Vec<Series> {
        let of = |m: &ModelInfo| {
            let (id, seed) = (m.id.clone(), m.seed);
            self.modes.iter().map(move |mode| Series::new(id.clone(), seed, mode.clone()))
        };
        self.models.iter().flat_map(of).collect()
    }

    /// The number of classes.
    pub fn class_count(&self) -> usize {
        self.class_names.len()
    }

    /// What the manifest says about one trained model.
    pub fn model(&self, id: &ModelId, seed: u64) -> Option<&ModelInfo> {
        self.models.iter().find(|m| m.id == *id && m.seed == seed)
    }

    /// The JSON text that a store keeps.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self)
            .expect("a manifest is strings, numbers and lists, which JSON can hold")
    }
}
