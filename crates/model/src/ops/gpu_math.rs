//! How exactly convolutions multiply on a GPU.

/// How f32 numbers are multiplied in convolutions on a GPU. It changes nothing on the CPU, nor for other number types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum GpuMath {
    /// In f32.
    Exact,
    /// Rounded to TF32 (10 bits after the point) before they are multiplied, where the GPU has tensor cores for it; sums
    /// stay f32. Several times faster from Ampere on.
    Tf32,
}
