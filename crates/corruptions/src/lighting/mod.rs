//! Lighting: every pixel is changed by itself, or by the picture's mean.

mod brightness;
mod contrast;
mod saturate;

pub use brightness::Brightness;
pub use contrast::Contrast;
pub use saturate::Saturate;
