//! Which of cuDNN's engines computes a convolution.

use super::descriptor::{Descriptor, Outcome};
use super::failed;
use super::graph::Graph;
use super::handle::Handle;
use super::problem::{Direction, Problem};
use candle_core::cuda_backend::cudarc::cudnn::{CudnnError, sys};
use candle_core::{Result, bail};
use sys::cudnnBackendAttributeName_t as Name;
use sys::cudnnBackendDescriptorType_t as Kind;
use sys::cudnnBackendHeurMode_t as Mode;
use sys::cudnnBackendNumericalNote_t as Note;

/// Bytes of workspace that an engine may take, as long as there is one that takes less.
const WORKSPACE: usize = 1 << 30;
/// Proposals that are asked for; those with tensor cores come first.
const MOST: usize = 64;

/// An engine that is ready to run.
pub(super) struct Engine {
    pub(super) plan: Descriptor,
    /// Bytes that it needs beside the tensors.
    pub(super) workspace: usize,
    /// Whether it is cuDNN's engine for every geometry, which took up to a hundred times as long as others.
    is_last_resort: bool,
    // Destroyed after the plan that refers to it.
    _config: Descriptor,
}

/// The engine for a convolution.
///
/// cuDNN's heuristics rank the engines for this geometry; the first that is deterministic, that rounds no more than was asked
/// for and whose workspace keeps the limit is taken. A timed search might find a faster one, but it finds another one from
/// run to run, and with it other last digits: the same seed would no longer give the same network.
pub(super) fn choose(handle: &Handle, graph: &Graph, problem: &Problem) -> Result<Engine> {
    let mut rest: Vec<Engine> = Vec::new();
    for mode in modes(problem) {
        // A cuDNN that cannot rank engines for a problem in one way may still do so in another.
        let proposed = match proposals(graph, *mode) {
            Err(error) if is_short_of_memory(&error) => return Err(failed("ranking engines", error)),
            proposed => proposed.unwrap_or_default(),
        };
        for config in proposed {
            let Some(engine) =
                ready(handle, config, problem).map_err(|e| failed("asking about an engine", e))?
            else {
                continue;
            };
            if engine.workspace <= WORKSPACE && !engine.is_last_resort {
                return Ok(engine);
            }
            rest.push(engine);
        }
    }
    match rest.into_iter().min_by_key(|engine| (engine.is_last_resort, engine.workspace)) {
        Some(engine) => Ok(engine),
        None => bail!("conv2d: this cuDNN has no deterministic engine on this GPU for {problem:?}"),
    }
}

/// The rankings to follow, one after another.
///
/// Without tensor cores, what mode B ranks first took 14 % less time on an H200 than what mode A does, over the forward
/// convolutions of a DeepLabV3+; with them, and for gradients, A's took as long or less.
fn modes(problem: &Problem) -> &'static [Mode] {
    if problem.exact() && problem.direction == Direction::Forward {
        return &[Mode::CUDNN_HEUR_MODE_B, Mode::CUDNN_HEUR_MODE_A, Mode::CUDNN_HEUR_MODE_FALLBACK];
    }
    &[Mode::CUDNN_HEUR_MODE_A, Mode::CUDNN_HEUR_MODE_FALLBACK]
}

/// The engines with their settings, best first.
fn proposals(graph: &Graph, mode: Mode) -> Outcome<Vec<Descriptor>> {
    Descriptor::new(Kind::CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR)?
        .with_objects(Name::CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, &[&graph.whole])?
        .with(Name::CUDNN_ATTR_ENGINEHEUR_MODE, &[mode])?
        .finished()?
        .objects(Name::CUDNN_ATTR_ENGINEHEUR_RESULTS, Kind::CUDNN_BACKEND_ENGINECFG_DESCRIPTOR, MOST)
}

/// The proposal's engine, if it is allowed here and cuDNN can build it.
fn ready(handle: &Handle, config: Descriptor, problem: &Problem) -> Outcome<Option<Engine>> {
    let engines =
        config.objects(Name::CUDNN_ATTR_ENGINECFG_ENGINE, Kind::CUDNN_BACKEND_ENGINE_DESCRIPTOR, 1)?;
    let Some(engine) = engines.first() else { return Ok(None) };
    let notes = engine.notes(Name::CUDNN_ATTR_ENGINE_NUMERICAL_NOTE)?;
    if !is_allowed(&notes, problem) {
        return Ok(None);
    }
    let number = engine.number(Name::CUDNN_ATTR_ENGINE_GLOBAL_INDEX)?;
    let plan = Descriptor::new(Kind::CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR)?
        .with(Name::CUDNN_ATTR_EXECUTION_PLAN_HANDLE, &[handle.0])?
        .with_objects(Name::CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, &[&config])?
        .finished();
    let plan = match plan {
        Ok(plan) => plan,
        // Otherwise another engine would be taken, with other last digits than when there is more memory.
        Err(error) if is_short_of_memory(&error) => return Err(error),
        // Heuristics also propose what this card or this build of cuDNN lacks.
        Err(_) => return Ok(None),
    };
    let workspace = plan.number(Name::CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE)?.max(0) as usize;
    tracing::debug!(
        "{problem:?}: engine {number} with the notes {notes:?} and {workspace} bytes of workspace"
    );
    Ok(Some(Engine { plan, workspace, is_last_resort: number == 0, _config: config }))
}

/// Whether memory of the host or the device could not be had.
fn is_short_of_memory(error: &CudnnError) -> bool {
    use sys::cudnnStatus_t as Status;
    let short = [
        Status::CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED,
        Status::CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED,
    ];
    short.contains(&error.0)
}

/// Notes of engines that lose digits of f32: tensor cores read it as TF32, and transforms add and subtract numbers that are
/// larger than the result, so that gradients of weights lose two digits more than by plain sums.
const INEXACT: [Note; 8] = [
    Note::CUDNN_NUMERICAL_NOTE_TENSOR_CORE,
    Note::CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS,
    Note::CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION,
    Note::CUDNN_NUMERICAL_NOTE_FFT,
    Note::CUDNN_NUMERICAL_NOTE_WINOGRAD,
    Note::CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_4x4,
    Note::CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_6x6,
    Note::CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_13x13,
];

/// Whether an engine with these notes gives the same bits each time, and loses no more digits than was asked for.
fn is_allowed(notes: &[u32], problem: &Problem) -> bool {
    let has = |note: Note| notes.contains(&(note as u32));
    let exact = !INEXACT.iter().any(|note| has(*note));
    !has(Note::CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC) && (exact || !problem.exact())
}
