//! The networks and their layers, with torchvision's names and initialisation.

mod aspp;
mod backbone;
mod builder;
mod config;
mod conv;
mod decoder;
mod deeplab;
mod generator;
mod init;
mod norm;
mod phase;
mod prepared;
mod resnet;

pub use backbone::{Backbone, PreparedBackbone};
pub(crate) use builder::{Builder, Source};
pub use config::{Decoder, DeepLabConfig, Stride};
pub(crate) use deeplab::DeepLab;
pub(crate) use generator::Generator;
pub(crate) use phase::Phase;
pub(crate) use prepared::PreparedWeights;
