//! Which of cuDNN's algorithms computes a convolution.

use super::descriptors::Descriptors;
use super::failed;
use super::handle::Handle;
use super::problem::{Direction, Problem};
use candle_core::cuda_backend::cudarc::cudnn::{result, sys};
use candle_core::{DType, Result, bail};
use std::mem::MaybeUninit;
use sys::cudnnMathType_t as Math;

/// An algorithm of one of the three directions.
#[derive(Clone, Copy, Debug)]
pub(super) enum Algorithm {
    Forward(sys::cudnnConvolutionFwdAlgo_t),
    Input(sys::cudnnConvolutionBwdDataAlgo_t),
    Weight(sys::cudnnConvolutionBwdFilterAlgo_t),
}

/// Bytes of workspace that an algorithm may take, as long as there is one that takes less.
const WORKSPACE: usize = 1 << 30;
/// More than there are algorithms in any direction.
const MOST: usize = 16;

struct Candidate {
    algorithm: Algorithm,
    math: Math,
    memory: usize,
}

/// The algorithm, and the bytes of workspace that it needs.
///
/// cuDNN's heuristics rank the algorithms for this geometry; the first that is deterministic and whose workspace keeps the
/// limit is taken. A timed search might find a faster one, but it finds another one from run to run, and with it other
/// last digits: the same seed would no longer give the same network.
pub(super) fn choose(handle: &Handle, made: &Descriptors, problem: &Problem) -> Result<(Algorithm, usize)> {
    made.set_math(allowed(problem))?;
    let mut fitting = Vec::new();
    for candidate in candidates(handle, made, problem)? {
        if let Some(math) = accepted(problem, candidate.math) {
            made.set_math(math)?;
            // What the heuristics say of memory is for their own setting; this is for ours.
            if let Ok(memory) = workspace(handle, made, candidate.algorithm) {
                fitting.push(Candidate { math, memory, ..candidate });
            }
        }
    }
    let least = fitting.iter().enumerate().min_by_key(|(_, c)| c.memory).map(|(i, _)| i);
    let Some(index) = fitting.iter().position(|c| c.memory <= WORKSPACE).or(least) else {
        bail!("conv2d: this cuDNN has no deterministic algorithm on this GPU for {problem:?}");
    };
    let chosen = &fitting[index];
    made.set_math(chosen.math)?;
    tracing::debug!("{problem:?}: {:?}, {} bytes of workspace", chosen.algorithm, chosen.memory);
    Ok((chosen.algorithm, chosen.memory))
}

/// What the heuristics may propose: f32 stays f32 unless TF32 was asked for, and bfloat16 is what tensor cores are for.
fn allowed(problem: &Problem) -> Math {
    match problem.dtype {
        DType::BF16 => Math::CUDNN_TENSOR_OP_MATH,
        _ if problem.exact() => Math::CUDNN_FMA_MATH,
        _ => Math::CUDNN_DEFAULT_MATH,
    }
}

/// The setting under which a proposal is used, if it may be.
fn accepted(problem: &Problem, proposed: Math) -> Option<Math> {
    let exact = problem.exact();
    match proposed {
        // It may round f32 to fewer digits than TF32 does.
        Math::CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION => None,
        Math::CUDNN_TENSOR_OP_MATH if exact => None,
        // The default setting would allow TF32.
        _ if exact => Some(Math::CUDNN_FMA_MATH),
        other => Some(other),
    }
}

macro_rules! ranked {
    ($ask:path, $kind:path, $entry:ty, $($argument:expr),+) => {{
        let mut list = [const { MaybeUninit::uninit() }; MOST];
        let mut count = 0;
        // SAFETY: handle and descriptors live, and the list has room for as many entries as are asked for.
        unsafe { $ask($($argument),+, MOST as i32, &mut count, list.as_mut_ptr().cast()) }
            .map_err(|e| failed("ranking the algorithms", e))?;
        list.iter()
            .take(count as usize)
            // SAFETY: cuDNN has written the first `count` entries.
            .map(|entry: &MaybeUninit<$entry>| unsafe { entry.assume_init() })
            .filter(|entry| entry.status == sys::cudnnStatus_t::CUDNN_STATUS_SUCCESS)
            .filter(|entry| entry.determinism == sys::cudnnDeterminism_t::CUDNN_DETERMINISTIC)
            .map(|entry| Candidate { algorithm: $kind(entry.algo), math: entry.mathType, memory: entry.memory })
            .collect()
    }};
}

/// The deterministic algorithms, best first.
fn candidates(handle: &Handle, made: &Descriptors, problem: &Problem) -> Result<Vec<Candidate>> {
    let Descriptors { x, weight, y, convolution } = *made;
    let handle = handle.0;
    Ok(match problem.direction {
        Direction::Forward => ranked!(
            result::get_convolution_forward_algorithm,
            Algorithm::Forward,
            sys::cudnnConvolutionFwdAlgoPerfStruct,
            handle,
            x,
            weight,
            convolution,
            y
        ),
        Direction::InputGradient => ranked!(
            result::get_convolution_backward_data_algorithm,
            Algorithm::Input,
            sys::cudnnConvolutionBwdDataAlgoPerfStruct,
            handle,
            weight,
            y,
            convolution,
            x
        ),
        Direction::WeightGradient => ranked!(
            result::get_convolution_backward_filter_algorithm,
            Algorithm::Weight,
            sys::cudnnConvolutionBwdFilterAlgoPerfStruct,
            handle,
            x,
            y,
            convolution,
            weight
        ),
    })
}

/// Bytes of workspace under the descriptors' present setting.
fn workspace(handle: &Handle, made: &Descriptors, algorithm: Algorithm) -> Result<usize> {
    let Descriptors { x, weight, y, convolution } = *made;
    let handle = handle.0;
    // SAFETY: handle and descriptors live.
    let bytes = unsafe {
        match algorithm {
            Algorithm::Forward(a) => {
                result::get_convolution_forward_workspace_size(handle, x, weight, convolution, y, a)
            }
            Algorithm::Input(a) => {
                result::get_convolution_backward_data_workspace_size(handle, weight, y, convolution, x, a)
            }
            Algorithm::Weight(a) => {
                result::get_convolution_backward_filter_workspace_size(handle, x, y, convolution, weight, a)
            }
        }
    };
    bytes.map_err(|e| failed("asking for the workspace", e))
}
