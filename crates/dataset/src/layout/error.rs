//! What can be wrong with templates of paths and with what they find.

use scribe_base::excerpt;
use std::path::PathBuf;

/// An error in the layout of a data set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// A template cannot be used.
    #[error(
        "template {:?}: {reason} (expected a path with {{id}} once, such as images/{{id}}.png)",
        excerpt::of(template)
    )]
    Template {
        /// The template.
        template: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// No file fits a template.
    #[error("template {template:?}: no file below {} fits it{}", folder.display(), nearest.as_ref().map_or(String::new(), |name| format!("; there is {name}, for example")))]
    NothingFits {
        /// The template.
        template: String,
        /// The folder that was searched.
        folder: PathBuf,
        /// A picture or label file in that folder.
        nearest: Option<String>,
    },
    /// A picture that a template found has no label map.
    #[error(
        "{}: no such file, but there is a picture {}{}",
        label.display(), picture.display(),
        similar.as_ref().map_or(String::new(), |name| format!("; a file of a similar name is {name}"))
    )]
    NoLabel {
        /// The picture.
        picture: PathBuf,
        /// The label map that it should have.
        label: PathBuf,
        /// The name of the most similar file in the label map's folder.
        similar: Option<String>,
    },
    /// A list names one picture with two label maps.
    #[error(
        "{} line {line}: {} has another label map, {}, than in an earlier line, {} (expected one label map for each picture: \
         remove one of the lines)",
        list.display(), picture.display(), labels[1].display(), labels[0].display()
    )]
    TwoLabels {
        /// The list.
        list: PathBuf,
        /// The second line, counted from 1.
        line: usize,
        /// The picture.
        picture: PathBuf,
        /// Its label maps, in the order of the lines.
        labels: Box<[PathBuf; 2]>,
    },
    /// A list names only ids, and no template says where their files are.
    #[error("{}: it names ids, but there is no template for the {what} (expected one, such as images/{{id}}.png, or a list of pairs: picture and label)", list.display())]
    NoTemplate {
        /// The list.
        list: PathBuf,
        /// Pictures or label maps.
        what: &'static str,
    },
    /// Neither a template nor a list says where the pictures are.
    #[error(
        "neither a template nor a list names the pictures (expected `pictures = \"images/{{id}}.png\"`, or `list`)"
    )]
    Nothing,
}
