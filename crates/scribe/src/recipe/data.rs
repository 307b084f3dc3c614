//! `[data]`: which pictures are trained on and tested on, and what their label maps mean.

use super::classes::ClassesSetting;
use super::files::FilesSection;
use serde::{Deserialize, Serialize};

/// `[data]`: which pictures are trained on and tested on. Their folder is an argument, not part of the recipe.
///
/// Either `train_set` and `labels` name lists and folders of VOC's layout, or the sections `[data.train]` and `[data.val]`
/// say where the files are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSection {
    /// The training list in VOC's layout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub train_set: Option<TrainSetName>,
    /// The label folder in VOC's layout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<LabelFolderName>,
    /// The most pixels of a picture or a label map; 2^27 where absent. It is not part of the recipe's digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_pixels: Option<u64>,
    /// The class that is the background, where it is not the one that `classes` names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<String>,
    /// How the classes that the label files mean become those that are scored: rules such as `person -> person, * ->
    /// background`, or the path of a file of them. A loaded recipe has the rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<String>,
    /// What the label files mean: a preset's name, or the path of a classes file, below the recipe's folder or the
    /// current one, or the content of such a file; VOC's classes where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<ClassesSetting>,
    /// The drawn set, where `train_set = "synthetic"` and no folder is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synthetic: Option<SyntheticSection>,
    /// Where the training pictures are, where they are not in VOC's layout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub train: Option<FilesSection>,
    /// Where the test pictures are, where they are not in VOC's layout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub val: Option<FilesSection>,
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
