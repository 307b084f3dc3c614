//! Batch normalisation as operators that candle can differentiate.

use super::across::Across;
use super::gradients::{Backward, Gradients};
use super::layer::Layer;
use super::statistics::Statistics;
use super::{NAME, functions};
use crate::ops::Activation;
use crate::ops::operator::{Operator, apply as apply_operator};
use candle_core::{Result, Tensor};

/// One application of a layer.
pub(super) struct BatchNorm {
    pub(super) statistics: Statistics,
    pub(super) eps: f64,
    pub(super) activation: Activation,
    /// Whether the statistics are constants.
    pub(super) constant: bool,
    /// The processes that they are the batch's statistics of, where that is not this one alone.
    pub(super) across: Option<Across>,
}

/// candle's operators have at most three inputs: with a residual, gamma and beta travel as one tensor `[2, C]`.
pub(super) fn apply(
    op: BatchNorm,
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    residual: Option<&Tensor>,
) -> Result<Tensor> {
    match residual {
        None => apply_operator(Plain(op), [x, gamma, beta]),
        Some(residual) => apply_operator(WithResidual(op), [x, &Tensor::stack(&[gamma, beta], 0)?, residual]),
    }
}

/// Inputs `x`, `gamma`, `beta`.
struct Plain(BatchNorm);

/// Inputs `x`, `[gamma, beta]`, `residual`.
struct WithResidual(BatchNorm);

impl BatchNorm {
    fn forward(&self, [x, gamma, beta]: [&Tensor; 3], residual: Option<&Tensor>) -> Result<Tensor> {
        let layer = Layer { gamma, beta, eps: self.eps };
        let folded = functions::fold(layer, &self.statistics.mean, &self.statistics.var)?;
        functions::normalise(x, &folded, residual, self.activation)
    }

    fn backward(
        &self,
        [x, gamma, beta]: [&Tensor; 3],
        y: Option<&Tensor>,
        dy: &Tensor,
        residual: bool,
    ) -> Result<Gradients> {
        functions::backward(&Backward {
            x,
            dy,
            y,
            statistics: &self.statistics,
            layer: Layer { gamma, beta, eps: self.eps },
            folded: None,
            activation: self.activation,
            residual,
            constant: self.constant,
            across: self.across.as_ref(),
        })
    }
}

impl Operator<3> for Plain {
    const NAME: &'static str = NAME;

    fn forward(&self, inputs: [&Tensor; 3]) -> Result<Tensor> {
        self.0.forward(inputs, None)
    }

    fn backward(
        &self,
        inputs: [&Tensor; 3],
        _: [bool; 3],
        _: &Tensor,
        dy: &Tensor,
    ) -> Result<[Option<Tensor>; 3]> {
        let g = self.0.backward(inputs, None, dy, false)?;
        Ok([Some(g.x), Some(g.gamma), Some(g.beta)])
    }
}

impl Operator<3> for WithResidual {
    const NAME: &'static str = NAME;

    fn forward(&self, [x, affine, residual]: [&Tensor; 3]) -> Result<Tensor> {
        self.0.forward([x, &affine.get(0)?, &affine.get(1)?], Some(residual))
    }

    fn backward(
        &self,
        [x, affine, _]: [&Tensor; 3],
        wanted: [bool; 3],
        y: &Tensor,
        dy: &Tensor,
    ) -> Result<[Option<Tensor>; 3]> {
        let g = self.0.backward([x, &affine.get(0)?, &affine.get(1)?], Some(y), dy, wanted[2])?;
        Ok([Some(g.x), Some(Tensor::stack(&[g.gamma, g.beta], 0)?), g.residual])
    }
}
