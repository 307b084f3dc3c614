//! The folder that label maps are read from.

/// Which folder holds the label maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LabelFolder {
    /// `SegmentationClass` where it exists, otherwise `SegmentationClassAug`; the other way round for a list
    /// whose name contains `aug`, since only the latter folder has all of its masks.
    Auto,
    /// `SegmentationClass`: VOC's own masks.
    Class,
    /// `SegmentationClassAug`: VOC's and SBD's masks together, for the list `train_aug`.
    ClassAug,
    /// `SegmentationClassAug` where it exists, otherwise `SegmentationClass`.
    AutoAug,
}

impl LabelFolder {
    /// What [`LabelFolder::Auto`] prefers for a list of this name.
    pub(super) fn for_list(self, split: &str) -> LabelFolder {
        match self {
            LabelFolder::Auto if split.contains("aug") => LabelFolder::AutoAug,
            other => other,
        }
    }
}
