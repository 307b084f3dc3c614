//! A made-up data set in VOC's layout: textured objects on textured backgrounds.
//!
//! The class of an object determines its outline, its texture and its hue. Outline and texture are each shared
//! by several classes, and the ranges of hue of neighbouring classes nearly meet, so that corrupting hue, outline
//! or texture makes classes harder to tell apart.

mod config;
mod noise;
mod object;
mod scene;
mod shape;
mod split;
mod texture;
mod write;

pub use config::SynthConfig;
pub use split::SyntheticSplit;
pub use write::write_synthetic;
