//! Where the pictures and label maps of a data set are: templates of paths, lists, and the files that they name.

mod entry;
mod error;
mod find;
mod lines;
mod list;
mod pattern;
mod split;
mod template;
mod walk;

pub(crate) use entry::{Entry, LabelSource};
pub use error::LayoutError;
pub(crate) use find::{is_picture_extension, similar};
pub(crate) use lines::lines;
pub use pattern::Layout;
pub use split::FileSplit;
pub use template::Template;
pub(crate) use walk::files_below;
