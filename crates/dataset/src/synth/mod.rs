//! A made-up data set in VOC's layout: textured objects on textured grounds.
//!
//! The class of an object shows in its outline, its texture and its hue together; none of the three decides
//! alone, since each varies from object to object and is shared by several classes.

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
