//! Makes a network's named tensors while its layers are built.

use super::init::Init;
use crate::Result;
use crate::parameters::Parameters;
use candle_core::{DType, Tensor, Var};
use candle_nn::VarBuilder;
use rand_chacha::ChaCha8Rng;

/// Where the values of a new network come from.
pub(crate) enum Source<'a> {
    /// They are drawn from this generator.
    Drawn(Box<ChaCha8Rng>),
    /// A [`VarBuilder`] has them, or makes them by the same rules.
    Given(VarBuilder<'a>),
}

/// A place in the tree of names, the source of values, and the set that receives the tensors.
pub(crate) struct Builder<'a, 's> {
    parameters: &'a mut Parameters,
    source: &'a mut Source<'s>,
    prefix: String,
}

impl<'a, 's> Builder<'a, 's> {
    /// The root of the names.
    pub(crate) fn new(parameters: &'a mut Parameters, source: &'a mut Source<'s>) -> Builder<'a, 's> {
        Builder { parameters, source, prefix: String::new() }
    }

    /// The place `name` below this one.
    pub(crate) fn child(&mut self, name: impl std::fmt::Display) -> Builder<'_, 's> {
        let prefix = self.path(&name.to_string());
        Builder { parameters: self.parameters, source: self.source, prefix }
    }

    /// The full name of `name` at this place.
    pub(crate) fn path(&self, name: &str) -> String {
        if self.prefix.is_empty() { name.to_string() } else { format!("{}.{name}", self.prefix) }
    }

    /// A trained tensor.
    pub(crate) fn weight(&mut self, name: &str, shape: &[usize], init: Init) -> Result<Var> {
        self.float(name, shape, init, true)
    }

    /// A running statistic.
    pub(crate) fn buffer(&mut self, name: &str, shape: &[usize], value: f64) -> Result<Var> {
        self.float(name, shape, Init::Constant(value), false)
    }

    /// A counter: one I64 without dimensions, as PyTorch's `num_batches_tracked`. It is 0 where the source has none, as
    /// files of early PyTorch do.
    pub(crate) fn counter(&mut self, name: &str) -> Result<Var> {
        let path = self.path(name);
        let zero = || Var::zeros((), DType::I64, self.parameters.device());
        let var = match &self.source {
            Source::Drawn(_) => zero()?,
            Source::Given(vb) => {
                match vb.get_with_hints_dtype((), &path, candle_nn::init::ZERO, DType::I64) {
                    Ok(tensor) => Var::from_tensor(&tensor)?,
                    Err(_) if !vb.contains_tensor(&path) => zero()?,
                    Err(error) => return Err(error.into()),
                }
            }
        };
        self.parameters.insert(path, var.clone(), false);
        Ok(var)
    }

    fn float(&mut self, name: &str, shape: &[usize], init: Init, trainable: bool) -> Result<Var> {
        let path = self.path(name);
        let tensor = match self.source {
            Source::Drawn(rng) => drawn(self.parameters, init.draw(shape, rng), shape)?,
            Source::Given(vb) => vb.get_with_hints(shape, &path, init.as_candle(shape))?,
        };
        // A tensor that is a variable already, as those of a `VarMap` are, stays the same variable.
        let var = Var::from_tensor(&tensor)?;
        self.parameters.insert(path, var.clone(), trainable);
        Ok(var)
    }
}

fn drawn(parameters: &Parameters, values: Vec<f64>, shape: &[usize]) -> candle_core::Result<Tensor> {
    match parameters.dtype() {
        DType::F64 => Tensor::from_vec(values, shape, parameters.device()),
        dtype => {
            let values: Vec<f32> = values.into_iter().map(|v| v as f32).collect();
            Tensor::from_vec(values, shape, parameters.device())?.to_dtype(dtype)
        }
    }
}
