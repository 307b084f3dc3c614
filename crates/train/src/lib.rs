//! Trains a network for segmentation: SGD with two learning rates, the "poly" schedule, and checkpoints that resume.
//!
#![doc = include_str!("../README.md")]

mod best;
mod checkpoint;
mod config;
mod error;
mod events;
mod examine;
mod files;
mod finished;
pub mod group;
mod identity;
mod metrics;
mod monitor;
mod parameter;
mod run;
mod schedule;
mod sgd;
mod step;
mod train;
mod training;
mod validate;

pub use checkpoint::Checkpoint;
pub use config::TrainConfig;
pub use error::{Error, Result};
pub use examine::{ExaminedTraining, examine};
pub use finished::Finished;
#[cfg(all(unix, any(test, fuzzing)))]
#[doc(hidden)]
pub use group::fuzzing;
pub use identity::{Identity, ValidationData, changed_settings};
pub use metrics::{Metrics, read_metrics};
pub use parameter::{GroupLr, Parameter, ParameterGroup};
pub use schedule::{Per, Poly};
pub use sgd::{Sgd, SgdConfig};
pub use train::train;
pub use training::{Progress, Training};
pub use validate::{Validation, validate};
