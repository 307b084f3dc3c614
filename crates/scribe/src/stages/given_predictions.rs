//! Another program's predictions, and which of them a store's results came from.

use super::corrupted_set::CorruptedSet;
use super::entered_as::EnteredAs;
use anyhow::bail;
use scribe_dataset::{ImageId, KnownClasses};
use scribe_eval::PredictionFolder;
use scribe_model::Inference;
use scribe_records::ModelInfo;
use std::path::{Path, PathBuf};

/// A folder of predictions, and how they are entered.
#[derive(Clone, Debug)]
pub struct GivenPredictions {
    /// The folder.
    pub folder: PathBuf,
    /// Names, mode and classes.
    pub entered: EnteredAs,
    /// The corrupted set that was predicted, which must then hold what the recipe tests.
    pub corrupted: Option<CorruptedSet>,
}

impl GivenPredictions {
    /// The model as the store at `path` has it, or as it is entered now.
    ///
    /// Its `checkpoint_sha256` is the mode, a colon, and the SHA-256 of the clean predictions when the model was first
    /// entered, and where they are mapped a mark of the map.
    ///
    /// # Errors
    /// When the results in the store are of other clean predictions, or a new model's predictions cannot be scored.
    pub(super) fn model_info(
        &self,
        path: &Path,
        ids: &[ImageId],
        how: &Inference,
        (class_count, known): (usize, Option<&KnownClasses>),
    ) -> anyhow::Result<ModelInfo> {
        let mark = KnownClasses::mark(known);
        let Some(earlier) = self.entered.earlier(path)? else {
            PredictionFolder::check_clean(&self.folder, class_count, ids, how)?;
            let hash = PredictionFolder::clean_hash(&self.folder, ids)?;
            let hash = hash.map(|hash| format!("{}:{hash}{mark}", self.entered.mode));
            return self.entered.new_model("predictions of another program", hash.unwrap_or_default());
        };
        self.compare(&earlier, path, ids, &mark)?;
        Ok(self.entered.relabelled(earlier))
    }

    /// Refuses clean predictions that are not those of which the store's results are.
    fn compare(&self, earlier: &ModelInfo, path: &Path, ids: &[ImageId], mark: &str) -> anyhow::Result<()> {
        let (path, id, folder) = (path.display(), &earlier.id, &self.folder);
        if earlier.checkpoint_sha256.is_empty() {
            tracing::warn!(
                "{path}: it does not say which predictions the results of model `{id}` are of; taking those in {} for them",
                folder.display()
            );
            return Ok(());
        }
        let Some(hash) = earlier.checkpoint_sha256.strip_prefix(&format!("{}:", self.entered.mode)) else {
            tracing::warn!(
                "{path}: model `{id}` was first entered in another mode than {}; its predictions are not compared",
                self.entered.mode
            );
            return Ok(());
        };
        match PredictionFolder::clean_hash(folder, ids)? {
            Some(found) if format!("{found}{mark}") == hash => {}
            Some(found) if hash.starts_with(&found) => bail!(
                "{path}: the results of model `{id}` were mapped by another --map or from other --classes (expected the same: \
                 enter these under another --as id or into another run, --name)"
            ),
            Some(_) => bail!(
                "{path}: the results of model `{id}` are of other predictions than those in {} (the files in clean/0 differ): \
                 enter these under another --as id or into another run (--name), or put the earlier predictions back",
                folder.display()
            ),
            None => tracing::warn!(
                "{}: clean predictions are missing, so they are not compared with those of model `{id}` in {path}",
                folder.display()
            ),
        }
        Ok(())
    }
}
