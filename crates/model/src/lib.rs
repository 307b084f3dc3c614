//! DeepLabV3 and DeepLabV3+ on candle, with three objectives, and the operators that candle lacks.
//!
#![doc = include_str!("../README.md")]

mod confusion;
pub mod device;
mod error;
pub mod input;
mod local_batch;
mod mean;
mod model;
mod nn;
mod objective;
pub mod ops;
mod parameters;
mod precision;
mod predict;
mod weights;

pub use error::{Error, Result};
pub use local_batch::LocalBatch;
pub use model::Model;
pub use nn::{Backbone, Decoder, DeepLabConfig, Stride};
pub use objective::{
    At, Background, Bce, Form, Head, Ibe, Loss, Objective, ObjectiveConfig, Reduce, ScoreSpace, Scribe,
    Softmax, VoidRule,
};
pub use ops::SumOverRanks;
pub use parameters::Parameters;
pub use precision::{Precision, set_program_precision};
pub use predict::{Inference, Prediction};
pub use weights::{FileKind, LoadReport, PthError, Weights};
