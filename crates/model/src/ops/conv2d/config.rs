//! What a convolution is told beside its tensors.

/// The geometry of a convolution beside its kernel size, equal in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Conv2dConfig {
    /// Distance of neighbouring outputs, in input pixels.
    pub stride: usize,
    /// Zeros assumed around the input, in pixels.
    pub padding: usize,
    /// Distance of neighbouring taps, in input pixels.
    pub dilation: usize,
}
