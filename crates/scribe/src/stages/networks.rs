//! The networks of an evaluation: those that the run trained, and those that come from files.

use super::run::Run;
use super::weights_file::WeightsFile;
use crate::recipe::ModelRecipe;
use anyhow::{Context, anyhow, bail};
use scribe_base::human;
use scribe_dataset::KnownClasses;
use scribe_model::{Error, Model};
use scribe_records::{ModelId, ModelInfo};
use std::io::ErrorKind;
use std::path::Path;

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
        let given = given(run, wanted);
        let file = read(run, wanted, seed)?;
        let known = run.recipe.known_by(wanted)?;
        let classes = known.as_ref().map_or(run.recipe.classes().len(), |known| known.table.len());
        let net = wanted.network_or(&run.recipe.model);
        let mut model = Model::new(&net, &wanted.objective, classes, 0, &device)?;
        let report = model.take_whole(&file.weights).map_err(|error| misfit(error, wanted, given.is_some()));
        let report = report.with_context(|| format!("weights for {}", wanted.label))?;
        if given.is_some() {
            file.log(&wanted.label, &report);
        }
        model.set_precision(precision)?;
        let sha256 = file.sha256 + &KnownClasses::mark(known.as_ref()) + &wanted.network_mark();
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

/// The models and seeds that are evaluated: all of the recipe that have a file or are trained, or only those that the call
/// gives files to.
///
/// # Errors
/// When weights are given to no model of the recipe, or to one that the recipe trains from several seeds; when there is
/// nothing to evaluate.
fn evaluated(run: &Run) -> anyhow::Result<Vec<(&ModelRecipe, u64)>> {
    let (recipe, given) = (&run.recipe, &run.inputs.weights);
    let known: Vec<&str> = recipe.models.iter().map(|model| model.id.as_str()).collect();
    if let Some(id) = given.keys().find(|id| !known.contains(&id.as_str())) {
        let (recipe, known) = (&recipe.name, known.join(", "));
        bail!(
            "--weights {id}=...: recipe {recipe} has no such model (it has {known}; a network of torchvision is entered under \
             a new id with --network torchvision)"
        );
    }
    let trained = recipe.models.iter().filter(|model| !model.is_entered());
    let first_given = trained.map(|model| &model.id).find(|id| given.contains_key(*id));
    if let (Some(id), [first, _, ..]) = (first_given, recipe.seeds.as_slice()) {
        bail!(
            "--weights {id}=...: recipe {} has the seeds {:?}, one file is one network; add --set seeds=[{first}]",
            recipe.name,
            recipe.seeds
        );
    }
    let wanted = |model: &&ModelRecipe| match given.is_empty() {
        true => model.weights.is_some() || model.is_trained(),
        false => given.contains_key(&model.id),
    };
    let models: Vec<&ModelRecipe> = recipe.models.iter().filter(wanted).collect();
    if models.is_empty() {
        bail!(
            "recipe {}: no model is trained here, and none has a file (expected models.weights in the recipe, or --weights \
             ID=FILE)",
            recipe.name
        );
    }
    let with_seeds = |model| seeds(run, model).iter().map(move |&seed| (model, seed));
    Ok(models.into_iter().flat_map(with_seeds).collect())
}

/// The seeds of the trainings of a model: those of the recipe, or 0 for a network that has nothing to do with them.
fn seeds<'a>(run: &'a Run, model: &ModelRecipe) -> &'a [u64] {
    if model.is_entered() { &[0] } else { &run.recipe.seeds }
}

/// The file of a network that the run does not train: that of the call, or the one that the recipe names.
fn given<'a>(run: &'a Run, wanted: &'a ModelRecipe) -> Option<&'a Path> {
    run.inputs.weights.get(&wanted.id).or(wanted.weights.as_ref()).map(AsRef::as_ref)
}

fn read(run: &Run, wanted: &ModelRecipe, seed: u64) -> anyhow::Result<WeightsFile> {
    let (label, id) = (&wanted.label, &wanted.id);
    let given = given(run, wanted);
    let path = given.map_or_else(|| run.dir.checkpoint(id, seed), Path::to_owned);
    WeightsFile::read(&path).map_err(|error| match error {
        Error::Io { source, .. } if source.kind() == ErrorKind::NotFound => match given {
            Some(_) => anyhow!(
                "{}: no such file (expected the network of {label}, as .safetensors or .pth)",
                path.display()
            ),
            None => anyhow!(
                "{}: no network of {label} (run `scribe train` first, or give a file: --weights {id}=FILE)",
                path.display()
            ),
        },
        error => anyhow::Error::new(error).context(format!("weights for {label}")),
    })
}

/// Says what to do about a file from elsewhere that does not fit.
fn misfit(error: Error, wanted: &ModelRecipe, given: bool) -> anyhow::Error {
    let advice = match &error {
        Error::Outputs { .. } => {
            "a network of other classes needs their names and a map: models.classes and models.map in the recipe, or \
             --classes and --map"
        }
        Error::Incomplete { .. } | Error::Shape { .. } if wanted.network.is_none() => {
            "expected the architecture of the recipe's [model]; another one is named by models.network in the recipe, or \
             --network"
        }
        _ => return error.into(),
    };
    if given { anyhow!("{error}; {advice}") } else { error.into() }
}

fn info(run: &Run, wanted: &ModelRecipe, seed: u64, checkpoint_sha256: String) -> anyhow::Result<ModelInfo> {
    let given = given(run, wanted);
    // The report shows the name: what would hide or turn a part of it is written as its number.
    let name =
        given.and_then(Path::file_name).map(|name| human::printable(&name.to_string_lossy()).into_owned());
    Ok(ModelInfo {
        id: ModelId::new(&wanted.id)?,
        label: wanted.label.clone(),
        objective: toml::to_string(&wanted.objective)?.trim().replace('\n', ", ").replace('"', ""),
        seed,
        checkpoint_sha256,
        file: name.unwrap_or_default(),
        // A network from elsewhere shares neither first weights nor pictures with those that the run trains.
        trained: given.is_none(),
    })
}
