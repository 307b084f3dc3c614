//! The results of a store as tables for other programs.
//!
#![doc = include_str!("../README.md")]

mod csv;
mod error;
mod export;
#[cfg(feature = "parquet")]
mod parquet;
mod rows;
mod table;

pub use error::{Error, Result};
pub use export::{Format, Written, export};
