//! Stands for the predicted class of each pixel.

use super::download::Download;
use super::unavailable;
use crate::ops::head::Readout;
use candle_core::{Result, Tensor};

pub(in crate::ops) fn classes(
    _v: &Tensor,
    _size: (usize, usize),
    _readout: Readout,
    _with_moments: bool,
) -> Result<(Download, Option<Download>)> {
    unavailable()
}
