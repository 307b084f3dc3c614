//! The folder of one run, and what lies where in it.

use std::path::{Path, PathBuf};

/// `runs/NAME`.
#[derive(Clone, Debug)]
pub struct RunDir {
    root: PathBuf,
}

impl RunDir {
    /// The run in `root`; nothing is created.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The recipe as it ran, `--set` included.
    pub fn recipe(&self) -> PathBuf {
        self.root.join("recipe.toml")
    }

    /// What was counted.
    pub fn store(&self) -> PathBuf {
        self.root.join("store.sqlite")
    }

    /// Pixels of each class in the training labels.
    pub fn label_pixels(&self) -> PathBuf {
        self.root.join("label_pixels.json")
    }

    /// Folder of the parts of an evaluation that several machines share.
    pub fn shards(&self) -> PathBuf {
        self.root.join("shards")
    }

    /// The drawn pictures.
    pub fn synthetic(&self) -> PathBuf {
        self.root.join("synthetic")
    }

    /// Folder of one training.
    pub fn training(&self, model: &str, seed: u64) -> PathBuf {
        self.root.join("train").join(format!("{model}-seed{seed}"))
    }

    /// The finished network of one training.
    pub fn checkpoint(&self, model: &str, seed: u64) -> PathBuf {
        self.training(model, seed).join("model.safetensors")
    }
}
