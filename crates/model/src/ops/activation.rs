//! The rectifier as a setting of fused operators.

/// What a fused operator applies to its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// Nothing.
    None,
    /// `max(x, 0)`, with derivative 0 at 0 as in PyTorch.
    Relu,
}
