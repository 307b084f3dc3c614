//! Which predictions of another program a store's results are of.

use super::evaluate::GivenPredictions;
use anyhow::bail;
use scribe_dataset::{CLASSES, ImageId};
use scribe_eval::Predictions;
use scribe_model::Inference;
use scribe_records::{ModelId, ModelInfo, Store};
use std::path::Path;

/// The model as the store at `path` has it, or as it is entered now.
///
/// Its `checkpoint_sha256` is the mode, a colon, and the SHA-256 of the clean predictions when the model was first entered.
///
/// # Errors
/// When the store's results are of other clean predictions, or a new model's cannot be scored.
pub(super) fn entered(
    path: &Path,
    theirs: &GivenPredictions,
    ids: &[ImageId],
    how: &Inference,
) -> anyhow::Result<ModelInfo> {
    let id = ModelId::new(&theirs.id)?;
    let store = path.exists().then(|| Store::open(path)).transpose()?;
    let Some(had) = store.as_ref().and_then(|store| store.manifest().model(&id, 0)) else {
        Predictions::check_clean(&theirs.folder, CLASSES, ids, how)?;
        let hash = Predictions::clean_hash(&theirs.folder, ids)?;
        let hash = hash.map(|hash| format!("{}:{hash}", theirs.mode));
        return Ok(ModelInfo {
            label: theirs.label.clone().unwrap_or_else(|| theirs.id.clone()),
            id,
            objective: "predictions of another program".into(),
            seed: 0,
            checkpoint_sha256: hash.unwrap_or_default(),
            trained: false,
        });
    };
    compare(had, path, theirs, ids)?;
    let label = theirs.label.clone().unwrap_or_else(|| had.label.clone());
    Ok(ModelInfo { label, ..had.clone() })
}

/// Refuses clean predictions that are not those of which the store's results are.
fn compare(had: &ModelInfo, path: &Path, theirs: &GivenPredictions, ids: &[ImageId]) -> anyhow::Result<()> {
    let (path, id, folder) = (path.display(), &had.id, &theirs.folder);
    if had.checkpoint_sha256.is_empty() {
        tracing::warn!(
            "{path}: it does not say which predictions the results of model `{id}` are of; taking those in {} for them",
            folder.display()
        );
        return Ok(());
    }
    let Some(hash) = had.checkpoint_sha256.strip_prefix(&format!("{}:", theirs.mode)) else {
        tracing::warn!(
            "{path}: model `{id}` was first entered in another mode than {}; its predictions are not compared",
            theirs.mode
        );
        return Ok(());
    };
    match Predictions::clean_hash(folder, ids)? {
        Some(found) if found == hash => {}
        Some(_) => bail!(
            "{path}: the results of model `{id}` are of other predictions than those in {} (the files in clean/0 differ): \
             enter these under another --as name or into another run (--name), or put the earlier predictions back",
            folder.display()
        ),
        None => tracing::warn!(
            "{}: clean predictions are missing, so they are not compared with those of model `{id}` in {path}",
            folder.display()
        ),
    }
    Ok(())
}
