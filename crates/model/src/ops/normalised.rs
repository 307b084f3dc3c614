//! Pictures as networks take them: less ImageNet's mean, over its standard deviation.

use super::{cpu, cuda};
use candle_core::{Device, Result, Tensor};

/// Mean of each channel over ImageNet, for values in 0..1 (torchvision).
pub const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
/// Standard deviation of each channel over ImageNet, for values in 0..1 (torchvision).
pub const STD: [f32; 3] = [0.229, 0.224, 0.225];

/// Pictures of interleaved RGB bytes, `size` high and wide, as f32 `[N, 3, H, W]`. A GPU is sent the bytes.
pub(crate) fn of_bytes(pictures: &[&[u8]], size: [usize; 2], device: &Device) -> Result<Tensor> {
    let table = table();
    match device {
        Device::Cuda(_) => cuda::normalised::of_bytes(pictures, size, &table, device),
        _ => cpu::normalised::of_bytes(pictures, size, &table)?.to_device(device),
    }
}

/// What torchvision's `Normalize` makes of a value from `ToTensor` (the byte over 255), in f32 and with the same bits.
fn normalise(value: f32, channel: usize) -> f32 {
    (value - MEAN[channel]) / STD[channel]
}

/// What each channel's bytes become.
fn table() -> [[f32; 256]; 3] {
    std::array::from_fn(|channel| std::array::from_fn(|byte| normalise(byte as f32 / 255., channel)))
}
