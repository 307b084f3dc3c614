//! The Semantic Boundaries Dataset: its folder layout and its MATLAB label files.

mod element;
mod layout;
mod mat;

pub use layout::Sbd;
pub(crate) use mat::read_mat_raw;
pub use mat::read_mat_segmentation;
