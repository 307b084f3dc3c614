//! DeepLabV3 and DeepLabV3+ on candle, with three objectives, and the operators that candle lacks.
//!
#![doc = include_str!("../README.md")]

pub mod device;
mod error;
pub mod input;
mod local_batch;
mod model;
mod nn;
mod objective;
pub mod ops;
mod parameters;
mod precision;
mod predict;
mod recorded;
mod tape;
mod weights;

pub use error::{Error, Result};
pub use local_batch::LocalBatch;
pub use model::{Model, PreparedModel, RecordedLoss};
pub use nn::{Backbone, Decoder, DeepLabConfig, PreparedBackbone, Stride};
pub use objective::{Objective, ObjectiveConfig};
pub use ops::{At, Background, Bce, Form, Head, Loss, Reduce, ScoreSpace, SumOverRanks, VoidRule};
pub use parameters::Parameters;
pub use precision::Precision;
pub use predict::{Inference, Prediction, QueuedPrediction, predict_outputs};
pub use recorded::Recorded;
pub use weights::{FileKind, LoadReport, PthError, Weights};
