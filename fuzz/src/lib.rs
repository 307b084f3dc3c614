//! What the fuzz targets share: a bound on memory, files in memory, first inputs.

mod memory;
mod plant;
mod png_file;
mod read_all;
mod sample_store;
mod scratch;

pub use plant::plant;
pub use png_file::{Ihdr, png_file};
pub use read_all::read_all;
pub use sample_store::sample_store;
pub use scratch::{folder, scratch};
