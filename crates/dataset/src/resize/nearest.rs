//! Nearest-neighbour resizing: Pillow's `NEAREST`, to the byte.

use super::Window;
use image::GrayImage;

/// Resizes a label map as Pillow's `Image.resize((width, height), Image.NEAREST)` does, to the byte.
///
/// # Panics
/// When a side is 0.
pub fn resize_nearest(labels: &GrayImage, width: u32, height: u32) -> GrayImage {
    resize_nearest_window(labels, (width, height), Window::whole(width, height))
}

/// The part `window` of the label map resized to `size`.
pub(crate) fn resize_nearest_window(labels: &GrayImage, size: (u32, u32), window: Window) -> GrayImage {
    assert!(size.0 > 0 && size.1 > 0 && labels.width() > 0 && labels.height() > 0, "a side is 0");
    let columns = sources(labels.width(), size.0, window.x, window.width);
    let rows = sources(labels.height(), size.1, window.y, window.height);
    let stride = labels.width() as usize;
    let mut out = Vec::with_capacity(columns.len() * rows.len());
    for row in rows {
        let line = &labels.as_raw()[row * stride..][..stride];
        out.extend(columns.iter().map(|&column| line[column]));
    }
    GrayImage::from_raw(window.width, window.height, out).expect("one value for each pixel of the window")
}

/// The source pixel of each output pixel `from .. from + count`.
///
/// The position is accumulated, not multiplied out, because Pillow's `ImagingScaleAffine` does so and the last
/// bit decides on which side of a pixel border a sum falls.
fn sources(source: u32, target: u32, from: u32, count: u32) -> Vec<usize> {
    let step = f64::from(source) / f64::from(target);
    let mut position = step * 0.5;
    let mut out = Vec::with_capacity(count as usize);
    for output in 0..from + count {
        if output >= from {
            out.push((position as usize).min(source as usize - 1));
        }
        position += step;
    }
    out
}
