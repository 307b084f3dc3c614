//! One run of a recipe, as its stages receive it.

use super::pictures::{Need, Pictures};
use super::run_inputs::RunInputs;
use super::test_protocol::TestProtocol;
use crate::recipe::CheckedRecipe;
use crate::run_dir::RunDir;
use anyhow::Context;
use candle_core::Device;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

/// A recipe, the folder that its results go to, what it is given from outside, and a stop flag.
pub struct Run {
    /// What is done.
    pub recipe: CheckedRecipe,
    /// The folder of the run.
    pub dir: RunDir,
    /// Data, weights and device.
    pub inputs: RunInputs,
    /// When somebody sets it, the stages finish the work at hand and return an error.
    pub stop: Arc<AtomicBool>,
    pictures: OnceLock<Pictures>,
    protocol: OnceLock<TestProtocol>,
}

impl Run {
    /// A run that nobody stops; nothing is opened or written yet.
    #[must_use]
    pub fn new(recipe: CheckedRecipe, dir: RunDir, inputs: RunInputs) -> Run {
        Run {
            recipe,
            dir,
            inputs,
            stop: Arc::default(),
            pictures: OnceLock::new(),
            protocol: OnceLock::new(),
        }
    }

    /// Opens the lists that are needed, and draws the pictures first where the recipe says so.
    ///
    /// # Errors
    /// When the recipe needs a folder that was not given, or a list, a picture or a label is missing.
    pub fn open(&self, need: Need) -> anyhow::Result<()> {
        let pictures = Pictures::open(&self.recipe, &self.inputs, &self.dir, need)?;
        // A second call finds the same pictures.
        let _ = self.pictures.set(pictures);
        Ok(())
    }

    /// The pictures.
    ///
    /// # Errors
    /// [`Run::open`] was not called.
    pub(crate) fn pictures(&self) -> anyhow::Result<&Pictures> {
        self.pictures.get().context("the pictures of the run were not opened")
    }

    /// What the recipe tests with.
    ///
    /// # Errors
    /// The pictures that frost needs are in their folder, but cannot be read.
    pub(crate) fn protocol(&self) -> anyhow::Result<&TestProtocol> {
        if let Some(protocol) = self.protocol.get() {
            return Ok(protocol);
        }
        let protocol = TestProtocol::of(&self.recipe, &self.inputs.frost)?;
        Ok(self.protocol.get_or_init(|| protocol))
    }

    /// The device that computes.
    ///
    /// # Errors
    /// There is no such device, or this build cannot use it.
    pub(crate) fn device(&self) -> anyhow::Result<Device> {
        Ok(scribe_model::device::pick(&self.inputs.device)?)
    }

    /// Whether a GPU computes.
    pub(crate) fn on_gpu(&self) -> bool {
        self.inputs.device != "cpu"
    }

    /// How many networks work at the same time. A wide network keeps every core busy by itself; narrow ones do so only
    /// together. The number decides speed and memory, and never a result.
    pub(crate) fn networks_at_once(&self) -> usize {
        if self.recipe.model.width <= 0.25 { rayon::current_num_threads() } else { 1 }
    }

    /// Writes the recipe, `--set` included, into the folder of the run.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write_recipe(&self) -> anyhow::Result<()> {
        let root = self.dir.root();
        std::fs::create_dir_all(root).with_context(|| root.display().to_string())?;
        Ok(scribe_base::atomic_file::write(&self.dir.recipe(), toml::to_string(&*self.recipe)?.as_bytes())?)
    }
}
