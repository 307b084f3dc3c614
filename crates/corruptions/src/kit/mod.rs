//! Arithmetic shared by the corruptions, each piece as the reference's libraries round it.

pub(crate) mod affine;
pub(crate) mod canny;
pub(crate) mod cubic;
pub(crate) mod dct;
pub(crate) mod double_double;
pub(crate) mod gaussian;
pub(crate) mod hsv;
pub(crate) mod jpeg_planes;
pub(crate) mod magick;
pub(crate) mod math;
pub(crate) mod mirror;
pub(crate) mod morphology;
pub(crate) mod motion;
pub(crate) mod pixels;
pub(crate) mod plasma;
pub(crate) mod scratch;
pub(crate) mod sum;
pub(crate) mod warp;
pub(crate) mod zoom;
