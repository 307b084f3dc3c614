//! Lighting: what a pixel becomes depends on the pixel alone, or also on the picture's mean.

mod brightness;
mod contrast;
mod saturate;

pub use brightness::Brightness;
pub use contrast::Contrast;
pub use saturate::Saturate;
