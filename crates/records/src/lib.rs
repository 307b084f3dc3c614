//! What crosses from measuring to reporting: keys, confusions, moments, the manifest and the store.
//!
//! Evaluation writes these types, analysis reads them, and neither knows the other.
//! Nothing here knows networks, pictures or recipes: a class is a number, a picture is a name, a recipe is a list of
//! key and value.
//! The file that carries them is documented for readers in other languages in `FORMAT.md` at the top of the
//! repository.

mod block;
mod calibration;
mod condition;
mod confusion;
mod cross_moments;
mod data_identity;
mod error;
mod error_split;
mod filter;
mod key;
mod label;
mod manifest;
mod moments;
mod name;
mod non_distinctiveness;
mod series;
mod sparse;
mod store;
mod unit;
mod wire;

pub use block::{in_shard, moment_block};
pub use calibration::{Calibration, CalibrationBin, Probability};
pub use condition::Condition;
pub use confusion::Confusion;
pub use cross_moments::{Covariances, CrossMoments};
pub use data_identity::{DataChange, DataIdentity, PictureIdentity};
pub use error::{Error, Result};
pub use error_split::ErrorSplit;
pub use filter::Filter;
pub use key::Key;
pub use label::check_label;
pub use manifest::{CorruptionInfo, Difference, Manifest, ModelInfo};
pub use moments::LogitMoments;
pub use name::{Mode, ModelId};
pub use non_distinctiveness::NonDistinctiveness;
pub use series::Series;
pub use sparse::SparseConfusion;
pub use store::{CrossBlock, MomentBlock, Panel, Store, SumBlock};
pub use unit::{Input, PanelPictures, Unit};

/// The label that is not a class: pixels with this truth are never counted.
pub const VOID: u8 = 255;
