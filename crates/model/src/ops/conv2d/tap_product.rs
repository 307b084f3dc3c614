//! The matrix product behind the forward pass and the input's gradient.
//!
//! Every result pixel is a sum over (channel, tap) of weight times input. Tiles of pixels are gathered into panels that
//! stream from the second-level cache, multiplied with rows of weights, and written out. Each pixel's sum is taken in the
//! same order wherever the pixel lies in a tile, so that neither threads nor neighbours in the batch change a bit.

use super::finish::Finish;
use super::kernels::{Element, Kernels, VECTORS};
use super::regions::Side;
use crate::ops::cpu::parallel::Shared;

/// Bytes of one panel. More than the first-level cache holds: the more products a kernel sums, the fewer times it comes
/// back to an unfinished sum, and that saves more than streaming costs.
pub(super) const PANEL_BYTES: usize = 64 << 10;
/// The pictures that are read, `[images, channels, h, w]`.
#[derive(Clone, Copy)]
pub(super) struct Pictures<'a, T> {
    pub(super) data: &'a [T],
    pub(super) images: usize,
    pub(super) channels: usize,
    pub(super) plane: usize,
    pub(super) width: usize,
}

/// The factors: that of result channel `m`, input channel `c` and tap `t` is `data[m * row + c * channel + t]`.
#[derive(Clone, Copy)]
pub(super) struct Factors<'a, T> {
    pub(super) data: &'a [T],
    pub(super) rows: usize,
    pub(super) row: usize,
    pub(super) channel: usize,
    /// Taps across the kernel: tap (y, x) has index `t = y * kernel_width + x`.
    pub(super) kernel_width: usize,
}

/// Where results go: grid index (i, j) is pixel `(start[0] + i * step, start[1] + j * step)` of `[images, rows, ., width]`.
#[derive(Clone, Copy)]
pub(super) struct Target<'a, T> {
    pub(super) data: Shared<T>,
    pub(super) plane: usize,
    pub(super) width: usize,
    pub(super) start: [usize; 2],
    pub(super) step: usize,
    /// What each sum becomes; itself where absent.
    pub(super) finish: Option<Finish<'a, T>>,
}

/// One product over a grid of pixels.
pub(super) struct TapProduct<'a, T: 'static> {
    pub(super) kernels: &'static Kernels<T>,
    pub(super) pictures: Pictures<'a, T>,
    pub(super) factors: Factors<'a, T>,
    pub(super) target: Target<'a, T>,
    pub(super) down: Side,
    pub(super) across: Side,
}

impl<T: Element> TapProduct<'_, T> {
    pub(super) fn panel(&self) -> usize {
        self.kernels.lanes * VECTORS
    }
}
