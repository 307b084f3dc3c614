//! A whole record as a part of candle's graph.
//!
//! An operator of candle has at most three inputs, and a network has hundreds of parameters. So the result depends on the
//! input and on one number, a token, which depends on the parameters one after the other. When candle has undone the
//! result, all gradients are known, and the steps of the token give each parameter its own.

use super::{Gradients, Tape};
use crate::ops::operator::{Operator, apply};
use crate::parameters::Parameters;
use candle_core::{DType, Result, Tensor, bail};
use std::sync::{Arc, Mutex, PoisonError};

/// What `run` makes of `x` and the parameters, as a tensor that candle can differentiate in all of them.
pub(crate) fn in_graph<E: From<candle_core::Error>>(
    x: &Tensor,
    parameters: &Parameters,
    run: impl FnOnce(&Tensor, &mut Tape) -> std::result::Result<Tensor, E>,
) -> std::result::Result<Tensor, E> {
    let (inner, mut tape) = (x.detach(), Tape::default());
    if x.track_op() {
        tape.want(&inner);
    }
    let y = run(&inner, &mut tape)?;
    let shared = Arc::new(Shared { tape, x: inner, y, found: Mutex::new(None) });
    let mut token = Tensor::zeros((), DType::F32, x.device())?;
    for (_, var) in parameters.trainable() {
        token = apply(Parameter(shared.clone(), var.as_tensor().id()), [&token, var.as_tensor()])?;
    }
    Ok(apply(Whole(shared), [x, &token])?)
}

/// What the steps of the token share.
struct Shared {
    tape: Tape,
    /// The input and the result, as the tape knows them.
    x: Tensor,
    y: Tensor,
    /// The gradients, once candle has asked for them.
    found: Mutex<Option<Gradients>>,
}

/// Inputs `x` and the token.
struct Whole(Arc<Shared>);

impl Operator<2> for Whole {
    const NAME: &'static str = "network";

    fn forward(&self, _: [&Tensor; 2]) -> Result<Tensor> {
        self.0.y.copy()
    }

    fn backward(
        &self,
        [_, token]: [&Tensor; 2],
        _wanted: [bool; 2],
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<[Option<Tensor>; 2]> {
        let mut gradients = self.0.tape.gradients(&self.0.y, dy.clone())?;
        let dx = gradients.take(&self.0.x);
        *self.0.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(gradients);
        Ok([dx, Some(token.zeros_like()?)])
    }
}

/// Inputs: the token so far and a parameter, which the tape knows by this id.
struct Parameter(Arc<Shared>, candle_core::TensorId);

impl Operator<2> for Parameter {
    const NAME: &'static str = "parameter of a network";

    fn forward(&self, [token, _]: [&Tensor; 2]) -> Result<Tensor> {
        token.copy()
    }

    fn backward(
        &self,
        [token, var]: [&Tensor; 2],
        _wanted: [bool; 2],
        _y: &Tensor,
        _dy: &Tensor,
    ) -> Result<[Option<Tensor>; 2]> {
        let mut found = self.0.found.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(gradients) = found.as_mut() else {
            bail!("the gradients of the network's parameters were wanted before those of its result");
        };
        let own = gradients.take_id(self.1);
        Ok([Some(token.zeros_like()?), Some(own.map_or_else(|| var.zeros_like(), Ok)?)])
    }
}
