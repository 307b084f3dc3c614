//! The network's layers, with torchvision's names and initialisation.

mod aspp;
mod backbone;
mod builder;
mod conv;
mod decoder;
mod deeplab;
mod init;
mod norm;
mod phase;
mod resnet;

pub use backbone::Backbone;
pub use deeplab::{Decoder, DeepLabConfig, Stride};

pub(crate) use builder::Builder;
pub(crate) use deeplab::DeepLab;
pub(crate) use phase::Phase;
