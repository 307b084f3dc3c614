//! The networks of an evaluation: those that the run trained, or those that `--weights` gives.

use super::run::Run;
use super::weights_file::WeightsFile;
use crate::recipe::ModelRecipe;
use anyhow::{Context, anyhow, bail};
use scribe_dataset::KnownClasses;
use scribe_model::{Error, Model};
use scribe_records::{ModelId, ModelInfo};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A network that is evaluated.
pub(super) struct Network {
    /// Its entry in the manifest.
    pub(super) info: ModelInfo,
    pub(super) model: Model,
    /// Its classes, where they are not those that are scored.
    pub(super) known: Option<KnownClasses>,
}

/// Reads every network that is evaluated, with its entry in the manifest.
///
/// # Errors
/// When weights are given to no model of the recipe, or a file is missing, cannot be read or does not fit its model.
pub(super) fn load(run: &Run) -> anyhow::Result<Vec<Network>> {
    let device = run.device()?;
    let precision = run.recipe.precision.unwrap_or_default();
    let load = |(wanted, seed): (&ModelRecipe, u64)| {
        let file = read(&path(run, &wanted.id, seed), wanted)?;
        let known = run.recipe.known_by(wanted)?;
        let classes = known.as_ref().map_or(run.recipe.classes().len(), |known| known.table.len());
        let mut model = Model::new(&run.recipe.model, &wanted.objective, classes, 0, &device)?;
        let report = model.take_whole(&file.weights);
        let report = report.with_context(|| format!("weights for {}", wanted.label))?;
        if run.inputs.weights.contains_key(&wanted.id) {
            file.log(&wanted.label, &report);
        }
        model.set_precision(precision)?;
        let sha256 = file.sha256 + &KnownClasses::mark(known.as_ref());
        Ok(Network { info: info(run, wanted, seed, sha256)?, model, known })
    };
    evaluated(run)?.into_iter().map(load).collect()
}

/// Every network that would be evaluated, trained or not, without the hash of its file.
///
/// # Errors
/// When weights are given to no model of the recipe, or an id cannot be used.
pub(super) fn listed(run: &Run) -> anyhow::Result<Vec<ModelInfo>> {
    let evaluated = evaluated(run)?.into_iter();
    evaluated.map(|(wanted, seed)| info(run, wanted, seed, String::new())).collect()
}

/// The models and seeds that are evaluated: all of the recipe, or only those that are given weights.
///
/// # Errors
/// When weights are given to no model of the recipe, or to one that the recipe trains from several seeds.
fn evaluated(run: &Run) -> anyhow::Result<Vec<(&ModelRecipe, u64)>> {
    let (recipe, given) = (&run.recipe, &run.inputs.weights);
    let known: Vec<&str> = recipe.models.iter().map(|model| model.id.as_str()).collect();
    if let Some(id) = given.keys().find(|id| !known.contains(&id.as_str())) {
        let (recipe, known) = (&recipe.name, known.join(", "));
        bail!("--weights {id}=...: recipe {recipe} has no such model (it has {known})");
    }
    if let (Some(id), [first, _, ..]) = (given.keys().next(), recipe.seeds.as_slice()) {
        bail!(
            "--weights {id}=...: recipe {} has the seeds {:?}, one file is one network; add --set seeds=[{first}]",
            recipe.name,
            recipe.seeds
        );
    }
    // A network of other classes cannot be trained here, so without its file there is none.
    let wanted = |model: &&ModelRecipe| match given.is_empty() {
        true => !model.knows_others(),
        false => given.contains_key(&model.id),
    };
    let models = recipe.models.iter().filter(wanted);
    Ok(models.flat_map(|model| recipe.seeds.iter().map(move |&seed| (model, seed))).collect())
}

/// The file of one network.
fn path(run: &Run, id: &str, seed: u64) -> PathBuf {
    run.inputs.weights.get(id).cloned().unwrap_or_else(|| run.dir.checkpoint(id, seed))
}

fn read(path: &Path, wanted: &ModelRecipe) -> anyhow::Result<WeightsFile> {
    let (label, id) = (&wanted.label, &wanted.id);
    WeightsFile::read(path).map_err(|error| match error {
        Error::Io { source, .. } if source.kind() == ErrorKind::NotFound => anyhow!(
            "{}: no network of {label} (run `scribe train` first, or give a file: --weights {id}=FILE)",
            path.display()
        ),
        error => anyhow::Error::new(error).context(format!("weights for {label}")),
    })
}

fn info(run: &Run, wanted: &ModelRecipe, seed: u64, checkpoint_sha256: String) -> anyhow::Result<ModelInfo> {
    Ok(ModelInfo {
        id: ModelId::new(&wanted.id)?,
        label: wanted.label.clone(),
        objective: toml::to_string(&wanted.objective)?.trim().replace('\n', ", ").replace('"', ""),
        seed,
        checkpoint_sha256,
        // A network from elsewhere shares neither first weights nor pictures with those that the run trains.
        trained: !run.inputs.weights.contains_key(&wanted.id),
    })
}
