//! How exactly convolutions multiply on a GPU.

use std::sync::atomic::{AtomicU8, Ordering};

/// How f32 numbers are multiplied in convolutions on a GPU. It changes nothing on the CPU, nor for other number types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum GpuMath {
    /// In f32.
    #[default]
    Exact,
    /// Rounded to TF32 (10 bits after the point) before they are multiplied, where the GPU has tensor cores for it; sums
    /// stay f32. Several times faster from Ampere on.
    Tf32,
}

static TF32: AtomicU8 = AtomicU8::new(GpuMath::Exact as u8);

/// Sets how all convolutions of this program multiply from now on; the default is [`GpuMath::Exact`].
///
/// It is a property of the program, as in PyTorch, so that forward and backward passes of one step never differ.
pub fn set_gpu_math(math: GpuMath) {
    TF32.store(math as u8, Ordering::Relaxed);
}

/// What [`set_gpu_math`] last set.
pub fn gpu_math() -> GpuMath {
    if TF32.load(Ordering::Relaxed) == GpuMath::Tf32 as u8 { GpuMath::Tf32 } else { GpuMath::Exact }
}
