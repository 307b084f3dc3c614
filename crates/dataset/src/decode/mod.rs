//! Reading and writing image files.

mod exif;
mod head;
mod label;
mod limits;
mod picture;
mod pixel_format;
mod png_picture;
mod raw_labels;
mod whole_file;

pub use exif::exif_orientation;
pub use head::pixel_format;
pub(crate) use label::read_raw_labels;
pub use label::{read_label, read_label_bytes, read_label_with, write_label_png};
pub use limits::Limits;
pub use picture::{decode_image, decode_image_with, encode_png_fast, read_image, read_image_with, write_png};
pub use pixel_format::PixelFormat;
pub(crate) use raw_labels::{RawLabels, SizeCheck, Stored};
pub(crate) use whole_file::{check_file, read_whole};
