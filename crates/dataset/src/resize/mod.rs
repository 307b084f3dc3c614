//! Resizing as Pillow does it, to the byte.

mod bilinear;
mod nearest;

pub use bilinear::resize_bilinear;
pub(crate) use bilinear::resize_bilinear_window;
pub use nearest::resize_nearest;
pub(crate) use nearest::resize_nearest_window;

/// A rectangle of the resized picture: the part that is wanted, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    /// Left column.
    pub x: u32,
    /// Top row.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Window {
    /// All of a picture.
    pub fn whole(width: u32, height: u32) -> Window {
        Window { x: 0, y: 0, width, height }
    }
}
