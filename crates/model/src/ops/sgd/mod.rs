//! Stochastic gradient descent with momentum and weight decay, on all parameters of a network.

mod cpu;
mod turn;

pub use turn::SgdTurn;

#[cfg(feature = "cuda")]
use candle_core::Device;
use candle_core::{DType, Result, bail};

const NAME: &str = "sgd";

/// `u <- momentum * u + (g + weight_decay * p)`, then `p <- p - lr * u`, for parameters `p`, buffers `u`, gradients `g`.
///
/// As torch's `SGD` without dampening and without Nesterov. Each operation is rounded by itself, on a GPU too, so that
/// both devices give the same bits. On a GPU one kernel does all parameters.
///
/// # Errors
/// When a tensor is not contiguous, or not of its parameter's shape, type and device; on a GPU when it is not f32.
pub fn sgd_update(turns: &[SgdTurn<'_>], momentum: f64, weight_decay: f64) -> Result<()> {
    turns.iter().try_for_each(check)?;
    #[cfg(feature = "cuda")]
    if let Some(SgdTurn { value, .. }) = turns.first()
        && let Device::Cuda(device) = value.device()
    {
        return super::cuda::sgd::update(device, turns, momentum, weight_decay);
    }
    // candle does not write into tensors without values.
    for turn in turns.iter().filter(|turn| turn.value.elem_count() > 0) {
        turn.buffer.inplace_op3(turn.gradient, turn.value, &cpu::Accumulate { momentum, weight_decay })?;
        turn.value.inplace_op2(turn.buffer, &cpu::Descend { lr: turn.lr })?;
    }
    Ok(())
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
