//! DeepLabV3 and DeepLabV3+ on candle, the operators that candle lacks, and the three objectives.
//!
//! A [`Model`] is a network ([`DeepLabConfig`]: torchvision's DeepLabV3, or V3+ with one or two decoder convolutions,
//! on a ResNet-50 of any width) with an objective ([`ObjectiveConfig`]: softmax, IBE or SCrIBE). Pictures become tensors
//! in [`input`], [`Model::loss`] is what training differentiates, [`Model::predict`] what evaluation asks.
//! Candle carries tensors, graph and devices; the arithmetic that matters is in [`ops`].

mod confusion;
pub mod device;
mod error;
pub mod input;
mod mean;
mod model;
mod nn;
mod objective;
pub mod ops;
mod parameters;
mod precision;
mod predict;
mod share;
mod weights;

pub use error::{Error, Result};
pub use model::Model;
pub use nn::{Backbone, Decoder, DeepLabConfig, Stride};
pub use objective::{
    At, Background, Bce, Form, Head, Ibe, Loss, Objective, ObjectiveConfig, Reduce, ScoreSpace, Scribe,
    Softmax, VoidRule,
};
pub use ops::SumOverRanks;
pub use parameters::Parameters;
pub use precision::Precision;
pub use predict::{Inference, Prediction};
pub use share::Share;
pub use weights::{FileKind, LoadReport, PthError, Weights};
