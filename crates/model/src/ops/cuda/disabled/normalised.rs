//! Stands for pictures as networks take them.

use super::unavailable;
use candle_core::{Device, Result, Tensor};

/// From interleaved RGB bytes.
pub(in crate::ops) fn of_bytes(
    _pictures: &[&[u8]],
    _size: [usize; 2],
    _table: &[[f32; 256]; 3],
    _device: &Device,
) -> Result<Tensor> {
    unavailable()
}
