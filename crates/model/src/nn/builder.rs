//! Makes named, initialised tensors while the layers are built.

use super::init::Init;
use crate::Result;
use crate::parameters::Parameters;
use candle_core::{DType, Tensor, Var};
use rand_chacha::ChaCha8Rng;

/// A place in the tree of names, the generator, and the set that receives the tensors.
pub(crate) struct Builder<'a> {
    parameters: &'a mut Parameters,
    rng: &'a mut ChaCha8Rng,
    prefix: String,
}

impl<'a> Builder<'a> {
    /// The root of the names.
    pub(crate) fn new(parameters: &'a mut Parameters, rng: &'a mut ChaCha8Rng) -> Builder<'a> {
        Builder { parameters, rng, prefix: String::new() }
    }

    /// The place `name` below this one.
    pub(crate) fn at(&mut self, name: impl std::fmt::Display) -> Builder<'_> {
        let prefix = self.path(&name.to_string());
        Builder { parameters: self.parameters, rng: self.rng, prefix }
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

    /// A counter: one I64 without dimensions, as PyTorch's `num_batches_tracked`.
    pub(crate) fn counter(&mut self, name: &str) -> Result<Var> {
        let var = Var::zeros((), DType::I64, self.parameters.device())?;
        self.parameters.insert(self.path(name), var.clone(), false);
        Ok(var)
    }

    fn float(&mut self, name: &str, shape: &[usize], init: Init, trainable: bool) -> Result<Var> {
        let values = init.draw(shape, self.rng);
        let (dtype, device) = (self.parameters.dtype(), self.parameters.device().clone());
        let tensor = match dtype {
            DType::F64 => Tensor::from_vec(values, shape, &device)?,
            _ => {
                let values: Vec<f32> = values.into_iter().map(|v| v as f32).collect();
                Tensor::from_vec(values, shape, &device)?.to_dtype(dtype)?
            }
        };
        let var = Var::from_tensor(&tensor)?;
        self.parameters.insert(self.path(name), var.clone(), trainable);
        Ok(var)
    }
}
