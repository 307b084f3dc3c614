//! Builds the manifest of a pass.

use super::Pass;
use scribe_records::{CorruptionInfo, Manifest, ModelInfo};

impl Pass<'_> {
    /// A manifest of this pass: its models under their ids, its modes, suite, corruptions, severities, master seed, view and
    /// images. The caller adds what the pass does not know (recipe, versions, hashes of checkpoints).
    ///
    /// `class_names` begins with the background and has as many names as the entrants have classes.
    ///
    /// ```no_run
    /// # fn example(pass: scribe_eval::Pass<'_>) -> Result<(), Box<dyn std::error::Error>> {
    /// # use scribe_dataset::CLASS_NAMES;
    /// # use scribe_records::Store;
    /// # use std::path::Path;
    /// let manifest = pass.manifest(CLASS_NAMES);
    /// let mut store = Store::open_or_resume(Path::new("store.sqlite"), &manifest)?;
    /// scribe_eval::run(&pass, &mut store)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn manifest<S: Into<String>>(&self, class_names: impl IntoIterator<Item = S>) -> Manifest {
        let models = self.entrants.iter().map(|e| ModelInfo::new(e.id.clone(), e.id.as_str()).seed(e.seed));
        let mut modes = Vec::new();
        for (mode, _) in self.entrants.iter().flat_map(|e| &e.modes) {
            if !modes.contains(mode) {
                modes.push(mode.clone());
            }
        }
        let mut severities: Vec<u8> =
            self.conditions.iter().filter(|c| !c.is_clean()).map(|c| c.severity).collect();
        severities.sort_unstable();
        severities.dedup();
        Manifest::new(class_names)
            .models(models.collect())
            .modes(modes)
            .suite(self.suite.name(), self.suite.frost_source().into())
            .corruptions(self.corruption_infos(), severities)
            .master_seed(self.master_seed)
            .view(self.view.to_string())
            .corrupted_as(self.suite.channel_order().to_string(), self.corruption_place.to_string())
            .images(self.image_ids.iter().map(ToString::to_string))
    }

    /// The corruptions that occur, each once; [`Pass::check`] refuses what the suite does not have.
    fn corruption_infos(&self) -> Vec<CorruptionInfo> {
        let mut infos: Vec<CorruptionInfo> = Vec::new();
        for condition in self.conditions.iter().filter(|c| !c.is_clean()) {
            let Ok(corruption) = self.suite.get(&condition.corruption) else { continue };
            if infos.iter().all(|info| info.name != condition.corruption) {
                infos.push(CorruptionInfo {
                    name: corruption.name().to_owned(),
                    implementation: corruption.implementation().to_owned(),
                    group: corruption.group().name().to_owned(),
                    severities: Vec::new(),
                });
            }
        }
        infos
    }
}
