//! The record of a training step, from which its gradients follow.
//!
//! candle's own backward pass writes zeros and a sum for every tensor of its graph, and keeps all of them to the end.
//! This one writes each gradient once, adds where it has to while the numbers are in the cache, and lets go of a step's
//! tensors as soon as it has been undone. The layers record themselves; `graph` puts a whole record into candle's graph
//! for programs that differentiate with candle. Such a record keeps its tensors, since candle may go back twice.

mod graph;

pub(crate) use graph::in_graph;

use crate::ops::sum;
use candle_core::backprop::GradStore;
use candle_core::{DType, Device, Result, Tensor, TensorId};
use std::collections::{HashMap, HashSet};

/// Gives a step's inputs their gradients, from the gradient of its result.
type Backward = Box<dyn Fn(&Tensor, &mut Gradients) -> Result<()> + Send + Sync>;

/// The steps of a forward pass, in their order.
#[derive(Default)]
pub(crate) struct Tape {
    steps: Vec<(TensorId, Backward)>,
    /// Tensors for which gradients are wanted.
    wanted: HashSet<TensorId>,
}

impl Tape {
    /// Asks for the gradient of an input.
    pub(crate) fn want(&mut self, input: &Tensor) {
        self.wanted.insert(input.id());
    }

    /// Whether the gradient of a tensor is wanted: of an input that was asked for, or of a recorded result.
    pub(crate) fn wants(&self, tensor: &Tensor) -> bool {
        self.wanted.contains(&tensor.id())
    }

    /// Records the step that made `result`.
    pub(crate) fn record(
        &mut self,
        result: &Tensor,
        backward: impl Fn(&Tensor, &mut Gradients) -> Result<()> + Send + Sync + 'static,
    ) {
        self.wanted.insert(result.id());
        self.steps.push((result.id(), Box::new(backward)));
    }

    /// The gradients of variables and wanted inputs, given that of the last result. Each step is forgotten once it is
    /// undone.
    pub(crate) fn undo(mut self, result: &Tensor, gradient: Tensor) -> Result<Gradients> {
        let mut gradients = Gradients::default();
        gradients.put(result, gradient);
        while let Some((id, backward)) = self.steps.pop() {
            gradients.pass(id, &backward)?;
        }
        Ok(gradients)
    }

    /// As [`Tape::undo`], keeping the record.
    fn gradients(&self, result: &Tensor, gradient: Tensor) -> Result<Gradients> {
        let mut gradients = Gradients::default();
        gradients.put(result, gradient);
        self.steps.iter().rev().try_for_each(|(id, backward)| gradients.pass(*id, backward))?;
        Ok(gradients)
    }
}

/// Gradients by the tensors that they belong to.
#[derive(Default)]
pub(crate) struct Gradients(HashMap<TensorId, Tensor>);

impl Gradients {
    /// The gradient of a tensor so far; it is to be put back together with what is added to it.
    pub(crate) fn take(&mut self, tensor: &Tensor) -> Option<Tensor> {
        self.0.remove(&tensor.id())
    }

    /// [`Gradients::take`] by the tensor's id.
    fn take_id(&mut self, id: TensorId) -> Option<Tensor> {
        self.0.remove(&id)
    }

    /// The whole gradient of a tensor.
    pub(crate) fn put(&mut self, tensor: &Tensor, gradient: Tensor) {
        self.0.insert(tensor.id(), gradient);
    }

    /// Adds to the gradient of a tensor.
    pub(crate) fn add(&mut self, tensor: &Tensor, gradient: Tensor) -> Result<()> {
        let sum = match self.take(tensor) {
            Some(other) => sum(&other, &gradient)?,
            None => gradient,
        };
        self.put(tensor, sum);
        Ok(())
    }

    /// Runs a step's backward pass, if the loss depends on its result.
    fn pass(&mut self, result: TensorId, backward: &Backward) -> Result<()> {
        match self.0.remove(&result) {
            Some(gradient) => backward(&gradient, self),
            None => Ok(()),
        }
    }

    /// The same as candle keeps them.
    pub(crate) fn into_store(self) -> Result<GradStore> {
        // Only a backward pass makes a store.
        let nothing = Tensor::zeros((), DType::F32, &Device::Cpu)?;
        let mut store = nothing.backward()?;
        store.remove(&nothing);
        for (id, gradient) in self.0 {
            store.insert_id(id, gradient);
        }
        Ok(store)
    }
}
