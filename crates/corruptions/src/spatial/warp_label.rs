//! Label maps that move with the picture.

use crate::kit::warp::{Edge, Taps};
use image::GrayImage;

/// A label map read at the nearest displaced place.
pub(super) fn warp_nearest(label: &GrayImage, across: &[f32], down: &[f32], edge: Edge) -> GrayImage {
    let (width, height) = (label.width() as usize, label.height() as usize);
    GrayImage::from_fn(label.width(), label.height(), |x, y| {
        let i = y as usize * width + x as usize;
        let side =
            |at: u32, by: f32, n: usize| Taps::new(f64::from(at) + f64::from(by), n, edge).nearest() as u32;
        *label.get_pixel(side(x, across[i], width), side(y, down[i], height))
    })
}
