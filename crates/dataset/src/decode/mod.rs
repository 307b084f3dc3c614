//! Image files in and out.

mod atomic;
mod label;
mod picture;

pub use atomic::{is_partial, write_atomically};
pub(crate) use label::check_values;
pub use label::{read_label, write_label_png};
pub use picture::{decode_image, encode_png_fast, read_image, write_png};
