//! Templates of paths: `leftImg8bit/val/{id}_leftImg8bit.png`.

use super::find::{LABELS, PICTURES, only_one};
use super::{Entry, LabelSource, LayoutError, is_picture_extension};
use crate::{ImageId, Result as Found};
use std::fmt;
use std::path::{Component, Path, PathBuf};

/// What stands for the id.
const ID: &str = "{id}";
/// The end of a template that takes any extension.
const ANY: &str = ".*";

/// The path of an image's file below the folder of its data set, with `{id}` where the image's id stands. The id may
/// hold folders. A template that ends in `.*` takes files with any extension that pictures have.
///
/// ```
/// use scribe_dataset::Template;
///
/// let template = Template::new("leftImg8bit/val/{id}_leftImg8bit.png")?;
/// let id = template.id_of("leftImg8bit/val/ulm/ulm_000001_leftImg8bit.png");
/// assert_eq!(id, Some("ulm/ulm_000001"));
/// # Ok::<(), scribe_dataset::LayoutError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    before: String,
    after: String,
}

impl Template {
    /// The template with this text.
    ///
    /// # Errors
    /// [`LayoutError::Template`] when `{id}` is not in it exactly once, or it leads out of its folder by `..` or to the root of
    /// all folders.
    pub fn new(text: &str) -> Result<Template, LayoutError> {
        let refused = |reason| LayoutError::Template { template: text.to_owned(), reason };
        let text = text.strip_prefix("./").unwrap_or(text);
        let (before, after) = text.split_once(ID).ok_or_else(|| refused("it has no {id}"))?;
        if after.contains(ID) {
            return Err(refused("it has {id} more than once"));
        }
        if text.split('/').any(|part| part == "..") {
            return Err(refused("`..` in a template cannot be followed"));
        }
        let head = Path::new(before.rsplit_once('/').map_or("", |(folder, _)| folder));
        if before.starts_with('/') && !head.components().any(|part| matches!(part, Component::Normal(_))) {
            return Err(refused(
                "it looks through every folder of this machine (expected a path below the data set's folder)",
            ));
        }
        if before.contains('*') || after.strip_suffix(ANY).unwrap_or(after).contains('*') {
            return Err(refused("`*` may only stand for the extension, as the end of it"));
        }
        Ok(Template { before: before.to_owned(), after: after.to_owned() })
    }

    /// The path of an image's file; with `.*`, without an extension.
    pub fn path(&self, id: &ImageId) -> PathBuf {
        PathBuf::from(format!("{}{id}{}", self.before, self.after.strip_suffix(ANY).unwrap_or(&self.after)))
    }

    /// The id in a path below the data set's folder, whose parts are divided by `/`; `None` where it does not fit.
    pub fn id_of<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(&self.before)?;
        let id = match self.after.strip_suffix(ANY) {
            None => rest.strip_suffix(&self.after)?,
            Some(after) => {
                let (stem, extension) = rest.rsplit_once('.')?;
                is_picture_extension(extension).then_some(())?;
                stem.strip_suffix(after)?
            }
        };
        (!id.is_empty()).then_some(id)
    }

    /// Whether it has more letters beside the id.
    pub(super) fn says_more_than(&self, other: &Template) -> bool {
        self.before.len() + self.after.len() > other.before.len() + other.after.len()
    }

    /// The folder below which all files of the template are.
    pub(crate) fn folder(&self) -> &str {
        self.before.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The same folder below that of the data set.
    pub fn folder_below(&self, root: &Path) -> PathBuf {
        // An empty folder would put a slash at the end.
        if self.folder().is_empty() { root.to_owned() } else { root.join(self.folder()) }
    }

    /// The files of an image whose pictures this template names.
    ///
    /// # Errors
    /// [`crate::Error::SameId`] when `.*` fits two files.
    pub(crate) fn entry(&self, labels: Option<&Template>, root: &Path, id: &ImageId) -> Found<Entry> {
        let label = labels.map_or(Ok(LabelSource::None), |labels| labels.label(root, id))?;
        Ok(Entry { image: self.file(root, id, &PICTURES)?, label })
    }

    /// The label map of an image; it need not exist.
    pub(super) fn label(&self, root: &Path, id: &ImageId) -> Found<LabelSource> {
        Ok(LabelSource::Png(self.file(root, id, &LABELS)?))
    }

    /// The picture of an image; it need not exist.
    pub(crate) fn picture(&self, root: &Path, id: &ImageId) -> Found<PathBuf> {
        self.file(root, id, &PICTURES)
    }

    /// The file that the template names; with `.*`, the one that is there, and otherwise a name that ends in `.*`.
    fn file(&self, root: &Path, id: &ImageId, extensions: &[&str]) -> Found<PathBuf> {
        let path = root.join(self.path(id));
        if !self.after.ends_with(ANY) {
            return Ok(path);
        }
        Ok(only_one(&path, extensions)?.unwrap_or_else(|| PathBuf::from(format!("{}{ANY}", path.display()))))
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{ID}{}", self.before, self.after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_what_stands_between() {
        let template = Template::new("./a/x_{id}_y.png").unwrap();
        assert_eq!(template.to_string(), "a/x_{id}_y.png");
        assert_eq!(template.folder(), "a");
        assert_eq!(template.folder_below(Path::new("r")), Path::new("r/a"));
        assert_eq!(template.id_of("a/x_1_y.png"), Some("1"));
        assert_eq!(template.id_of("a/x_s/1_y.png"), Some("s/1"));
        for other in ["a/x__y.png", "a/1_y.png", "a/x_1_y.jpg", "b/x_1_y.png"] {
            assert_eq!(template.id_of(other), None, "{other}");
        }
        let any = Template::new("{id}.*").unwrap();
        assert_eq!(any.folder_below(Path::new("r")).to_str(), Some("r"));
        assert_eq!(any.id_of("a/b.c.JPG"), Some("a/b.c"));
        assert_eq!(any.id_of("a/b.txt"), None);
        assert_eq!(any.path(&ImageId::new("a/b").unwrap()), Path::new("a/b"));
    }

    #[test]
    fn other_texts_are_refused() {
        for (text, reason) in [
            ("images/a.png", "no {id}"),
            ("{id}/{id}.png", "more than once"),
            ("../{id}.png", "`..`"),
            ("/{id}.png", "every folder"),
            ("//a{id}/b/", "every folder"),
            ("//././/{id}", "every folder"),
            ("*/{id}.png", "`*`"),
        ] {
            let error = Template::new(text).unwrap_err().to_string();
            assert!(error.contains(reason) && error.contains(text), "{error}");
        }
    }
}
