//! Stochastic gradient descent with momentum and weight decay, on all parameters of a network.

mod turn;

pub use turn::SgdTurn;

use super::{cpu, cuda};
use candle_core::{DType, Result, bail};

const NAME: &str = "sgd";

/// `u <- momentum * u + (g + weight_decay * p)`, then `p <- p - lr * u`, for parameters `p`, buffers `u`, gradients `g`.
///
/// As torch's `SGD` without dampening and without Nesterov. Each operation is rounded by itself, on a GPU too, so that
/// both devices give the same bits. On a GPU one kernel does all parameters; on a CPU each is passed over once.
///
/// # Errors
/// When a tensor is not contiguous, or not of its parameter's shape, type and device; on a GPU when it is not f32; on a CPU
/// when a parameter, its buffer and its gradient are not three pieces of memory.
pub fn sgd_update(turns: &[SgdTurn<'_>], momentum: f64, weight_decay: f64) -> Result<()> {
    turns.iter().try_for_each(check)?;
    match turns.first() {
        Some(turn) if turn.value.device().is_cuda() => cuda::sgd::update(turns, momentum, weight_decay),
        _ => cpu::sgd::update(turns, momentum, weight_decay),
    }
}

fn check(turn: &SgdTurn<'_>) -> Result<()> {
    let SgdTurn { value, .. } = turn;
    let known = match value.dtype() {
        DType::F32 => true,
        DType::F64 => value.device().is_cpu(),
        _ => false,
    };
    if !known {
        bail!("{NAME}: expected parameters of f32 (f64 on the CPU), got {:?}", value.dtype());
    }
    for other in [turn.value, turn.buffer, turn.gradient] {
        let fits = other.dtype() == value.dtype()
            && other.dims() == value.dims()
            && other.is_contiguous()
            && other.device().same_device(value.device());
        if !fits {
            bail!(
                "{NAME}: expected contiguous tensors of {:?} {:?} on {:?}, got {:?} {:?} on {:?}",
                value.dtype(),
                value.dims(),
                value.device().location(),
                other.dtype(),
                other.dims(),
                other.device().location()
            );
        }
    }
    Ok(())
}
