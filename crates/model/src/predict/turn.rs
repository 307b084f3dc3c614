//! Batches on a GPU, one after another.

use crate::ops::all_finite;
use crate::{Error, Result};
use candle_core::Tensor;
use std::sync::{Mutex, PoisonError};

/// The outputs for images `x`, which are finite.
///
/// Of a NaN the class with the largest logit is undefined, and a map of one class would pass for a result.
///
/// Threads that predict on one GPU share its stream. They take turns, so that the outputs of one batch are there, and can be
/// read by its thread, while those of the next are computed, instead of those of both at the end of both.
///
/// # Errors
/// Those of `outputs`; [`Error::NotFinite`] where one of them is NaN or infinite.
pub(super) fn in_turn(x: &Tensor, outputs: impl Fn(&Tensor) -> Result<Tensor>) -> Result<Tensor> {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = x.device().is_cuda().then(|| TURN.lock().unwrap_or_else(PoisonError::into_inner));
    let outputs = outputs(x)?;
    if all_finite(&outputs)? { Ok(outputs) } else { Err(Error::NotFinite) }
}
