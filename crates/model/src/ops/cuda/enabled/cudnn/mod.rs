//! Convolutions by cuDNN: the handle of each stream, and what is kept for each geometry.
//!
//! The functions of cuDNN's graph interface are called directly. A call of its older interface, which cudarc wraps, takes the
//! host 150 to 250 microseconds with cuDNN 9, longer than most of a network's convolutions take an H200.

mod choice;
mod descriptor;
mod graph;
mod handle;
mod plan;
mod problem;
mod run;
mod stream_state;
mod workspace;

pub(super) use graph::ALIGNMENT;
pub(super) use problem::{Direction, Problem};
pub(super) use run::{Operands, run};

use candle_core::cuda_backend::cudarc::cudnn::CudnnError;

/// cuDNN's error, with what was asked of it.
fn failed(what: &str, error: CudnnError) -> candle_core::Error {
    candle_core::Error::Msg(format!("cuDNN: {what}: {error:?}"))
}
