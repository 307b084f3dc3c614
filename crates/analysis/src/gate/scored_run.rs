//! A run as a gate sees it: what was counted, and of which inputs.

use crate::error::{Error, Result};
use crate::load::load;
use crate::view::View;
use scribe_records::{Condition, ModelId, Store};
use std::collections::BTreeMap;

/// The counts of a run, with the hashes that say whether another run scored the same inputs.
#[derive(Debug, Clone, Default)]
pub struct ScoredRun {
    /// The name in messages and tables.
    pub name: String,
    /// What was counted.
    pub view: View,
    /// SHA-256 of the pixels that the models saw, by image and condition; those of further master seeds come behind.
    pub inputs: BTreeMap<(String, Condition), Vec<String>>,
    /// SHA-256 of the file of each image's label map; `None` for a store that does not keep them.
    pub labels: Option<BTreeMap<String, String>>,
    /// SHA-256 of the weights of each model and training seed, where they are known.
    pub networks: BTreeMap<(ModelId, u64), String>,
}

impl ScoredRun {
    /// Reads a run's store.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn read(name: &str, store: &Store) -> Result<ScoredRun> {
        let mut inputs: BTreeMap<(String, Condition), Vec<String>> = BTreeMap::new();
        let further = store.further_inputs()?.into_iter().map(|(_, input)| input);
        for input in store.inputs()?.into_iter().chain(further) {
            inputs.entry((input.image_id, input.condition)).or_default().push(input.sha256);
        }
        let labels = store.data()?.map(|data| {
            data.pictures.into_iter().map(|picture| (picture.id, picture.label_sha256)).collect()
        });
        let known = store.manifest().models.iter().filter(|model| !model.checkpoint_sha256.is_empty());
        let networks = known.map(|m| ((m.id.clone(), m.seed), m.checkpoint_sha256.clone())).collect();
        Ok(ScoredRun { name: name.to_owned(), view: load(store)?, inputs, labels, networks })
    }

    /// Refuses a run under some condition of which pictures are missing: a pass of the rest would say nothing of them.
    pub(crate) fn check_finished(&self) -> Result<()> {
        let conditions = self.view.unfinished_conditions().len();
        if conditions == 0 {
            return Ok(());
        }
        Err(Error::Unfinished { run: self.name.clone(), conditions, pictures: self.view.images.len() })
    }
}
