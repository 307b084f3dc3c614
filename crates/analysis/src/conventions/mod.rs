//! The conventions by which the same label maps are scored elsewhere, beside PASCAL VOC's mIoU.
//!
//! Papers and packages differ in what they call mIoU: whether pixels are counted over the set or image by image, what
//! a class counts that does not occur, and whether the background is a class. All of them follow from the counts of
//! every image, so the report shows them side by side.

mod class_pixels;
mod convention;
mod picture_wise;
mod pictures;
mod sampler;
mod score_maps;
mod set_wise;
mod table;

pub use convention::Convention;
pub use score_maps::score_by_conventions;

pub(crate) use pictures::{Pictures, Score};
pub(crate) use sampler::Sampler;
pub(crate) use table::{ConventionRow, ConventionTable, worst_corruption};
