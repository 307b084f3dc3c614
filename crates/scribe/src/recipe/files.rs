//! `[data.train]` and `[data.val]`: where pictures and label maps are.

use scribe_dataset::{Layout, LayoutError, Template};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Where the files of one list are, below the data's folder; [`scribe_dataset::Layout`] says how they are found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesSection {
    /// The pictures, such as `leftImg8bit/val/{id}_leftImg8bit.png`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pictures: Option<String>,
    /// The label maps, such as `gtFine/val/{id}_gtFine_labelIds.png`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<String>,
    /// The list of ids, or of pairs of picture and label map; every picture that fits where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<PathBuf>,
}

impl FilesSection {
    /// The layout that the section describes.
    ///
    /// # Errors
    /// A template cannot be used, or nothing says where pictures or label maps are.
    pub(crate) fn layout(&self) -> Result<Layout, LayoutError> {
        let template = |text: &Option<String>| text.as_deref().map(Template::new).transpose();
        let (pictures, labels) = (template(&self.pictures)?, template(&self.labels)?);
        if self.list.is_none() && pictures.is_none() {
            return Err(LayoutError::Nothing);
        }
        Ok(Layout { pictures, labels, list: self.list.clone() })
    }

    /// The section in words, for the report.
    pub(crate) fn text(&self) -> String {
        let list = self.list.as_ref().map(|list| list.display().to_string());
        list.iter().chain(&self.pictures).cloned().collect::<Vec<_>>().join(", ")
    }
}
