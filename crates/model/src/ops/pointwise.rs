//! Functions of single elements, with their slopes, as operators.

use super::layout::{as_map, channels_last};
use super::operator::{Operator, apply as apply_operator};
use super::pointwise_function::PointwiseFunction;
use super::{cpu, cuda};
use candle_core::{Result, Tensor};

/// Applies the function to every element of `x`.
pub(super) fn apply(function: PointwiseFunction, x: &Tensor) -> Result<Tensor> {
    apply_operator(function, [x])
}

/// The function of every element, in memory of the order of `x`.
pub(crate) fn forward(function: PointwiseFunction, x: &Tensor) -> Result<Tensor> {
    let order = Order::of(x);
    let x = order.stored(x)?;
    let y = if x.device().is_cuda() {
        cuda::pointwise::forward(function, &x)?
    } else {
        cpu::pointwise::forward(function, &x)?
    };
    order.seen(y)
}

/// The gradient of `x`, given the gradient `dy` of the function's values.
pub(crate) fn backward(function: PointwiseFunction, x: &Tensor, dy: &Tensor) -> Result<Tensor> {
    let order = Order::of(x);
    let (x, dy) = (order.stored(x)?, order.stored(dy)?);
    let dx = if x.device().is_cuda() {
        cuda::pointwise::backward(function, &x, &dy)?
    } else {
        cpu::pointwise::backward(function, &x, &dy)?
    };
    order.seen(dx)
}

/// The sum of two tensors of one shape and type, in memory of the order of the first.
pub(crate) fn sum(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let order = Order::of(a);
    let (a, b) = (order.stored(a)?, order.stored(b)?);
    let y = if a.device().is_cuda() { cuda::pointwise::sum(&a, &b)? } else { (a + b)? };
    order.seen(y)
}

/// The order in which a tensor's elements are stored: its own, or as a map with its channels last.
#[derive(Clone, Copy)]
enum Order {
    Own,
    ChannelsLast,
}

impl Order {
    fn of(x: &Tensor) -> Order {
        match x.permute((0, 2, 3, 1)) {
            Ok(turned) if turned.is_contiguous() && !x.is_contiguous() => Order::ChannelsLast,
            _ => Order::Own,
        }
    }

    /// A tensor in this order, contiguous.
    fn stored(self, x: &Tensor) -> Result<Tensor> {
        match self {
            Order::Own => x.contiguous(),
            Order::ChannelsLast => channels_last(x),
        }
    }

    /// The tensor that [`Order::stored`] made this one of.
    fn seen(self, y: Tensor) -> Result<Tensor> {
        match self {
            Order::Own => Ok(y),
            Order::ChannelsLast => as_map(&y),
        }
    }
}

impl Operator<1> for PointwiseFunction {
    const NAME: &'static str = "a function of elements";

    fn forward(&self, [x]: [&Tensor; 1]) -> Result<Tensor> {
        forward(*self, x)
    }

    fn backward(
        &self,
        [x]: [&Tensor; 1],
        _: [bool; 1],
        _: &Tensor,
        dy: &Tensor,
    ) -> Result<[Option<Tensor>; 1]> {
        Ok([Some(backward(*self, x, dy)?)])
    }
}
