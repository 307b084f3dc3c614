//! A JPEG decoder whose pixels are those of libjpeg-turbo to the byte.
//!
#![doc = include_str!("../README.md")]

mod arith;
mod arith_scan;
mod bits;
mod coefficients;
mod colour;
mod decoded;
mod error;
mod fault;
mod frame;
mod huffman;
mod idct;
mod limits;
mod output;
mod progressive;
mod reader;
mod segments;
mod sequential;
mod standard;
mod tables;
mod upsample;
mod walk;

pub use decoded::Decoded;
pub use error::{Error, Result};
pub use limits::Limits;
pub use reader::{decode, decode_portable};
