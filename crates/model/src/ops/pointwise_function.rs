//! The functions of single elements.

/// A differentiable function of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PointwiseFunction {
    /// `max(x, 0)`, with derivative 0 at 0.
    Relu,
    /// `log(sigmoid(x))`.
    LogSigmoid,
}
