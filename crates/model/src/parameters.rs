//! The network's tensors by name: what an optimizer changes and what a checkpoint holds.

use crate::Result;
use candle_core::{DType, Device, Tensor, Var};
use std::collections::BTreeMap;

/// The parameters (trained by gradients) and buffers (running statistics) of a network, in the order of their names.
///
/// Names are torchvision's: `backbone.layer1.0.conv1.weight`, `classifier.4.bias`.
#[derive(Debug)]
pub struct Parameters {
    entries: BTreeMap<String, Entry>,
    dtype: DType,
    device: Device,
}

#[derive(Debug)]
struct Entry {
    var: Var,
    trainable: bool,
}

impl Parameters {
    /// An empty set for a network with this number type on this device.
    pub(crate) fn new(dtype: DType, device: &Device) -> Parameters {
        Parameters { entries: BTreeMap::new(), dtype, device: device.clone() }
    }

    pub(crate) fn insert(&mut self, name: String, var: Var, trainable: bool) {
        let old = self.entries.insert(name, Entry { var, trainable });
        assert!(old.is_none(), "two tensors of the network have one name");
    }

    /// Every tensor, buffers included, in the order of the names.
    pub fn named(&self) -> impl Iterator<Item = (&str, &Var)> {
        self.entries.iter().map(|(name, entry)| (name.as_str(), &entry.var))
    }

    /// The tensors that gradients change, in the order of the names.
    pub fn trainable(&self) -> impl Iterator<Item = (&str, &Var)> {
        self.entries.iter().filter(|(_, e)| e.trainable).map(|(name, e)| (name.as_str(), &e.var))
    }

    /// `running_mean`, `running_var` and `num_batches_tracked` of every batch norm.
    pub fn buffers(&self) -> impl Iterator<Item = (&str, &Var)> {
        self.entries.iter().filter(|(_, e)| !e.trainable).map(|(name, e)| (name.as_str(), &e.var))
    }

    /// The trainable tensors whose name begins with `prefix`. `backbone.` and `classifier.` are the two groups.
    pub fn group<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a Var)> {
        self.trainable().filter(move |(name, _)| name.starts_with(prefix))
    }

    /// One tensor by its name.
    pub fn get(&self, name: &str) -> Option<&Var> {
        self.entries.get(name).map(|entry| &entry.var)
    }

    /// The number of trained values. Running statistics are not counted.
    pub fn count(&self) -> usize {
        self.trainable().map(|(_, var)| var.elem_count()).sum()
    }

    /// The number type of the trained values.
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// The device that holds the tensors.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// A copy of every tensor, for a checkpoint. Later steps do not change it.
    ///
    /// # Errors
    /// When the copy cannot be allocated.
    pub fn state(&self) -> Result<BTreeMap<String, Tensor>> {
        let copy = |(name, var): (&str, &Var)| Ok((name.to_string(), var.as_detached_tensor().copy()?));
        self.named().map(copy).collect()
    }
}
