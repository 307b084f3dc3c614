//! Blur: every pixel becomes a mean of its neighbours.

mod defocus;
mod gaussian;
mod glass;
mod motion;
mod motion_magick;
mod zoom;

use crate::kit::gaussian::{Border, Kernel, Rows, Shape, filter};
use crate::kit::pixels;
pub use defocus::DefocusBlur;
pub use gaussian::GaussianBlur;
pub use glass::GlassBlur;
pub use motion::MotionBlur;
pub use motion_magick::MagickMotionBlur;
pub use zoom::ZoomBlur;

/// RGB bytes filtered as units: loaded as `x / 255`, stored as `uint8(clip(v) * 255)`.
struct Bytes<'a> {
    samples: &'a mut [u8],
    stride: usize,
}

impl Rows for Bytes<'_> {
    fn load(&self, y: usize, row: &mut [f64]) {
        pixels::to_unit(&self.samples[y * self.stride..(y + 1) * self.stride], row);
    }

    fn store(&mut self, y: usize, row: &[f64]) {
        pixels::from_unit(row, &mut self.samples[y * self.stride..(y + 1) * self.stride]);
    }
}

/// `skimage.filters.gaussian` of an RGB picture with its defaults, to bytes.
fn gaussian_rgb(samples: &mut [u8], width: usize, height: usize, sigma: f64) {
    let kernel = Kernel::new(sigma, 4.0);
    let shape = Shape { width, height, channels: 3 };
    filter(&mut Bytes { samples, stride: 3 * width }, shape, &kernel, &kernel, Border::Nearest);
}
