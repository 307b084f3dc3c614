//! Spatial: pixels move, or the picture loses its fine structure.

mod elastic;
mod elastic_affine;
mod elastic_moved_label;
mod jpeg;
mod pixelate;
#[cfg(feature = "image")]
mod warp_label;

pub use elastic::ElasticTransform;
pub use elastic_affine::AffineElasticTransform;
pub use elastic_moved_label::ElasticWithMovedLabel;
pub use jpeg::JpegCompression;
pub use pixelate::Pixelate;
