//! A manifest with defaults, and methods that change them.

use super::{CorruptionInfo, Manifest, ModelInfo, RunFacts};
use crate::{FrostSource, Mode};
use std::collections::BTreeMap;

impl Manifest {
    /// No models, images and corruptions yet; the mode `single`, master seed 2020 and 16 blocks of moments, as scribe's
    /// recipes have them. `class_names` begins with the background, unless [`Manifest::classes`] says that there is none.
    #[must_use]
    pub fn new<S: Into<String>>(class_names: impl IntoIterator<Item = S>) -> Manifest {
        Manifest {
            recipe_digest: String::new(),
            recipe: BTreeMap::new(),
            code_revision: String::new(),
            later_revisions: Vec::new(),
            versions: BTreeMap::new(),
            class_names: class_names.into_iter().map(Into::into).collect(),
            class_colours: Vec::new(),
            has_background: true,
            models: Vec::new(),
            modes: vec![Mode::single()],
            suite: String::new(),
            corruptions: Vec::new(),
            severities: Vec::new(),
            frost_source: FrostSource::Absent,
            master_seed: 2020,
            further_seeds: Vec::new(),
            drawless: Vec::new(),
            view: String::new(),
            channel_order: "rgb".to_owned(),
            corruption_place: "after_view".to_owned(),
            moment_blocks: 16,
            images: Vec::new(),
            data_sha256: String::new(),
            created_by: String::new(),
        }
    }

    /// The colours in which the classes are shown, none for VOC's palette, and whether class 0 is the background.
    #[must_use]
    pub fn classes(self, class_colours: Vec<[u8; 3]>, has_background: bool) -> Manifest {
        Manifest { class_colours, has_background, ..self }
    }

    /// The digest of a recipe's keys that decide results, and those keys.
    #[must_use]
    pub fn recipe(self, recipe_digest: impl Into<String>, recipe: BTreeMap<String, String>) -> Manifest {
        Manifest { recipe_digest: recipe_digest.into(), recipe, ..self }
    }

    /// What a reader of the report wants to know about the run.
    #[must_use]
    pub fn facts(mut self, facts: &RunFacts) -> Manifest {
        facts.insert_into(&mut self.recipe);
        self
    }

    /// The program, its revision, and the versions of what takes part.
    #[must_use]
    pub fn program(
        self,
        created_by: impl Into<String>,
        code_revision: impl Into<String>,
        versions: BTreeMap<String, String>,
    ) -> Manifest {
        Manifest { created_by: created_by.into(), code_revision: code_revision.into(), versions, ..self }
    }

    /// The models, in the order of the tables.
    #[must_use]
    pub fn models(self, models: Vec<ModelInfo>) -> Manifest {
        Manifest { models, ..self }
    }

    /// The modes of inference, in the order of the tables.
    #[must_use]
    pub fn modes(self, modes: Vec<Mode>) -> Manifest {
        Manifest { modes, ..self }
    }

    /// The suite of corruptions, and where its frost comes from.
    #[must_use]
    pub fn suite(self, suite: impl Into<String>, frost_source: FrostSource) -> Manifest {
        Manifest { suite: suite.into(), frost_source, ..self }
    }

    /// The corruptions, in the order of the tables, and the severities, ascending.
    #[must_use]
    pub fn corruptions(self, corruptions: Vec<CorruptionInfo>, severities: Vec<u8>) -> Manifest {
        Manifest { corruptions, severities, ..self }
    }

    /// The seed from which every corruption's seed follows.
    #[must_use]
    pub fn master_seed(self, master_seed: u64) -> Manifest {
        Manifest { master_seed, ..self }
    }

    /// Further master seeds, and the corruptions that draw no random number, so that these change nothing about them.
    #[must_use]
    pub fn further_seeds(self, further_seeds: Vec<u64>, drawless: Vec<String>) -> Manifest {
        Manifest { further_seeds, drawless, ..self }
    }

    /// How an image is brought to the size of the test.
    #[must_use]
    pub fn view(self, view: impl Into<String>) -> Manifest {
        Manifest { view: view.into(), ..self }
    }

    /// The order in which corruptions see the channels, `rgb` or `bgr`, and whether they come `after_view` or `before_view`.
    #[must_use]
    pub fn corrupted_as(
        self,
        channel_order: impl Into<String>,
        corruption_place: impl Into<String>,
    ) -> Manifest {
        let (channel_order, corruption_place) = (channel_order.into(), corruption_place.into());
        Manifest { channel_order, corruption_place, ..self }
    }

    /// The number of blocks of images over which moments are summed.
    #[must_use]
    pub fn moment_blocks(self, moment_blocks: u32) -> Manifest {
        Manifest { moment_blocks, ..self }
    }

    /// The ids of the images, in the order of the split.
    #[must_use]
    pub fn images<S: Into<String>>(self, images: impl IntoIterator<Item = S>) -> Manifest {
        Manifest { images: images.into_iter().map(Into::into).collect(), ..self }
    }
}
