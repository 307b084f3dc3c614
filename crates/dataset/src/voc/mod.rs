//! PASCAL VOC's folder layout: lists, pictures and label maps.

mod entry;
mod find;
mod label_folder;
mod layout;
mod list;
mod split;

pub use label_folder::LabelFolder;
pub(crate) use layout::folder;
pub use split::{TrainSet, VocSplit};
pub(crate) use {entry::Entry, entry::LabelSource, list::read_list};
