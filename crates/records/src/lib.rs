//! The results of an evaluation and the file that keeps them: keys, confusion matrices, moments, calibration, the manifest
//! and the store.
//!
#![doc = include_str!("../README.md")]

mod block;
mod bounds;
mod calibration;
mod condition;
mod confusion;
mod cross_moments;
mod data_identity;
mod detail;
mod error;
mod error_split;
mod filter;
mod frost_source;
mod key;
mod label;
mod manifest;
mod moments;
mod name;
mod non_distinctiveness;
mod pixels;
mod products;
mod series;
mod sparse;
mod store;
mod temperature;
mod temperature_grid;
mod temperature_wire;
mod temperatures;
mod unit;
mod wire;

pub use block::{in_shard, moment_block};
pub(crate) use calibration::check_pixels;
pub use calibration::{Calibration, CalibrationBin, Probability};
pub use condition::Condition;
pub use confusion::Confusion;
pub use cross_moments::{Covariances, CrossMoments};
pub use data_identity::{DataChange, DataIdentity, PictureIdentity};
pub use detail::{MOST_BY_CLASS, MomentDetail};
pub use error::{Error, Result};
pub use error_split::ErrorSplit;
pub use filter::Filter;
pub use frost_source::FrostSource;
pub use key::Key;
pub use label::check_label;
pub use manifest::{CorruptionInfo, Difference, Manifest, ModelInfo, RunFacts};
pub use moments::LogitMoments;
pub use name::{Mode, ModelId};
pub use non_distinctiveness::NonDistinctiveness;
pub use pixels::for_each_pixel;
pub use series::Series;
pub use sparse::SparseConfusion;
pub use store::{CrossBlock, Examined, ExaminedTable, MomentBlock, Panel, Store, SumBlock, SweepBlock};
pub use temperature::{RANKS, TemperatureSweep, TemperatureSweeps, is_fitted_on};
pub use temperatures::{TEMPERATURES, UNSCALED, temperature};
pub use unit::{Input, PanelPictures, Unit};

/// The label that is not a class: pixels with this truth are never counted.
pub const VOID: u8 = 255;
