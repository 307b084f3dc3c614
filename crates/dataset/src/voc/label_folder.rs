//! The folder that label maps are read from.

/// Which folder holds the label maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LabelFolder {
    /// `SegmentationClass` if it exists, otherwise `SegmentationClassAug`; the reverse for a list
    /// whose name contains `aug`, since only the latter folder has all of its label maps.
    Auto,
    /// `SegmentationClass`: VOC's own label maps.
    Class,
    /// `SegmentationClassAug`: VOC's and SBD's label maps together, for the list `train_aug`.
    ClassAug,
    /// `SegmentationClassAug` if it exists, otherwise `SegmentationClass`.
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
