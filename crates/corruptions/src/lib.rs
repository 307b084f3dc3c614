//! The ImageNet-C corruptions, exact to the bit, at any size, from an explicit seed.
//!
#![doc = include_str!("../README.md")]

mod at_224;
mod blur;
mod channel_order;
mod corruption;
mod error;
mod group;
mod kit;
mod lighting;
mod meta;
mod noise;
mod picture;
mod rng;
mod seed;
mod severity;
mod size_policy;
mod spatial;
mod suite;
mod tolerance;
mod trial;
mod weather;

pub use channel_order::ChannelOrder;
pub use corruption::Corruption;
pub use error::{Error, Result};
pub use group::Group;
#[cfg(feature = "image")]
pub use image;
pub use meta::Meta;
pub use picture::{Picture, PictureMut};
pub use rng::{Poisson, Rng, RngState};
pub use seed::seed_for;
pub use severity::Severity;
pub use size_policy::SizePolicy;
pub use suite::{Condition, EXTRAS, PAPER_ORDER, Suite};
pub use tolerance::{Deviation, Tolerance};
pub use trial::{Trial, formula_picture, trial};
pub use weather::FrostTextures;

/// Every corruption as a type of its own, for those who want one without a [`Suite`].
pub mod corruptions {
    pub use crate::blur::*;
    pub use crate::lighting::*;
    pub use crate::noise::*;
    pub use crate::spatial::*;
    pub use crate::weather::*;
}
