//! One convolution in one direction, described once for many runs.

use super::choice::{Engine, choose};
use super::graph::Graph;
use super::handle::Handle;
use super::problem::Problem;
use candle_core::Result;

/// What is kept for a problem, beside the handle that it was made with.
pub(super) struct Plan {
    pub(super) engine: Engine,
    // Destroyed after the engine that refers to it.
    _graph: Graph,
}

impl Plan {
    pub(super) fn new(handle: &Handle, problem: Problem) -> Result<Plan> {
        let graph = Graph::new(handle, &problem)?;
        let engine = choose(handle, &graph, &problem)?;
        Ok(Plan { engine, _graph: graph })
    }
}
