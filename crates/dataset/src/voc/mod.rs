//! PASCAL VOC's folder layout and lists, as a preset of [`crate::Layout`]'s templates.

mod label_folder;
mod layout;
mod list;
mod split;
mod train_set;

pub use label_folder::LabelFolder;
pub(crate) use layout::folder;
pub(crate) use list::read_list;
pub use split::VocSplit;
pub use train_set::TrainSet;
