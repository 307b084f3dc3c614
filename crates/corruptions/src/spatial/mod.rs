//! Spatial: pixels move, or lose their fine structure.

mod elastic;
mod jpeg;
mod pixelate;

pub use elastic::ElasticTransform;
pub use jpeg::JpegCompression;
pub use pixelate::Pixelate;
