//! A made-up data set in VOC's layout: textured objects on textured grounds.
//!
//! The class of an object shows in its outline, its texture and its hue. Outline and texture are each shared
//! by several classes, and the ranges of hue of neighbouring classes all but touch, so that what blurs, fades
//! or hides one of the three takes from what a network can tell.

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
