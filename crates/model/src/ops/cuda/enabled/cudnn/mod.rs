//! Convolutions by cuDNN: the handle of each thread, and what is kept for each geometry.
//!
//! cudarc's own wrappers choose an algorithm on every call and ask for no determinism; these use its functions below.

mod choice;
mod descriptors;
mod handle;
mod plan;
mod problem;
mod workspace;

pub(super) use plan::{Operands, ordered, run};
pub(super) use problem::{Direction, Problem};

use candle_core::cuda_backend::cudarc::cudnn::CudnnError;

/// cuDNN's error, with what was asked of it.
fn failed(what: &str, error: CudnnError) -> candle_core::Error {
    candle_core::Error::Msg(format!("cuDNN: {what}: {error:?}"))
}
