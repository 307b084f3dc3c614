//! Pictures and label maps that belong together.

use super::LabelKind;

/// Pictures and label maps whose names agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPair {
    /// The template of the pictures.
    pub pictures: String,
    /// The template of the label maps.
    pub labels: String,
    /// `train`, `val` or `test`, where a folder is called so.
    pub split: Option<&'static str>,
    /// The kind of the label maps.
    pub kind: LabelKind,
    /// The ids that have both files, sorted.
    pub ids: Vec<String>,
    /// Pictures of these folders without a label map.
    pub without_label: usize,
}
