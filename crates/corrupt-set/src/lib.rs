//! A corrupted copy of an image data set on disk, which other programs can read.
//!
#![doc = include_str!("../README.md")]

mod advice;
mod agree;
mod apart;
mod error;
mod folder;
mod forecast;
mod given;
mod hash;
mod made_set;
mod make;
mod manifest;
mod only_view;
mod others;
mod protocol;
mod set;
mod settings;
mod sources;
mod times;
mod usual;
mod verify;
mod write;

pub use apart::check_apart;
pub use error::{Error, Result};
pub use forecast::Forecast;
pub use given::GivenPictures;
pub use made_set::{Difference, MadeImages, MadeSet};
pub use only_view::only_view;
pub use protocol::Protocol;
pub use set::CorruptSet;
pub use settings::SETTINGS;
pub use times::Times;
pub use usual::{is_usual, usual};
pub use verify::{Verified, verify};
pub use write::{Event, Summary};
