//! Arithmetic shared by the corruptions, each piece as the reference's libraries round it.

pub mod affine;
pub mod canny;
pub mod cubic;
pub mod dct;
pub mod double_double;
pub mod gaussian;
pub mod hsv;
pub mod jpeg_planes;
pub mod magick;
pub mod math;
pub mod morphology;
pub mod motion;
pub mod pixels;
pub mod plasma;
pub mod scratch;
pub mod sum;
pub mod warp;
pub mod zoom;
