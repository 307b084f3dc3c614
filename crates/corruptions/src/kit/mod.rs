//! Arithmetic shared by the corruptions, each piece as the reference's libraries round it.

#[macro_use]
pub mod simd;
pub mod cubic;
pub mod double_double;
pub mod hsv;
pub mod math;
pub mod pixels;
pub mod plasma;
pub mod scratch;
