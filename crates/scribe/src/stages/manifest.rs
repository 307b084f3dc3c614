//! What a store says of the run that filled it.

use super::{Pictures, RunInputs, TestProtocol, weights};
use crate::recipe::{Checked, ModelRecipe};
use crate::run_dir::RunDir;
use anyhow::anyhow;
use scribe_dataset::CLASS_NAMES;
use scribe_records::{CorruptionInfo, Manifest, Mode, ModelId, ModelInfo};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::ErrorKind;

/// The manifest of a recipe over these pictures. It holds no clock and no path: the same run writes the same manifest.
///
/// # Errors
/// When a corruption's name is unknown.
pub(super) fn manifest(
    recipe: &Checked,
    pictures: &Pictures,
    shown: &TestProtocol,
    models: Vec<ModelInfo>,
    modes: Vec<Mode>,
) -> anyhow::Result<Manifest> {
    // Beside the keys that decide results, what a reader of the report wants to know of the run.
    let mut keys = recipe.identity();
    let set = if pictures.synthetic { "drawn pictures, val list" } else { "val list in VOC's layout" };
    keys.insert("name".into(), recipe.name.clone());
    keys.insert("data.set".into(), set.into());
    keys.insert("data.drawn".into(), pictures.synthetic.to_string());
    Ok(Manifest {
        recipe_digest: recipe.digest(),
        recipe: keys,
        code_revision: env!("SCRIBE_REVISION").into(),
        later_revisions: Vec::new(),
        versions: BTreeMap::from([
            ("scribe".into(), env!("CARGO_PKG_VERSION").into()),
            ("candle-core".into(), env!("SCRIBE_CANDLE").into()),
            ("rustc".into(), env!("SCRIBE_RUSTC").into()),
        ]),
        class_names: CLASS_NAMES.iter().map(ToString::to_string).collect(),
        models,
        modes,
        suite: shown.suite.name().into(),
        corruptions: corruptions(shown)?,
        severities: shown.severities.iter().map(|severity| severity.get()).collect(),
        frost_source: shown.suite.frost_source().into(),
        master_seed: shown.master_seed,
        view: shown.view.to_string(),
        moment_blocks: recipe.eval.moment_blocks,
        images: pictures.val_ids.iter().map(ToString::to_string).collect(),
        // The store writes it, with the pictures' own rows.
        data_sha256: String::new(),
        created_by: format!("scribe {}", env!("CARGO_PKG_VERSION")),
    })
}

/// The corruptions that are shown, as the manifest names them.
fn corruptions(shown: &TestProtocol) -> anyhow::Result<Vec<CorruptionInfo>> {
    let info = |name: &String| {
        let corruption = shown.suite.get(name)?;
        Ok(CorruptionInfo {
            name: corruption.name().into(),
            implementation: corruption.implementation().into(),
            group: corruption.group().name().into(),
        })
    };
    shown.corruptions.iter().map(info).collect()
}

/// The networks that are evaluated: the trained ones of a recipe, or those that were given.
///
/// # Errors
/// When one cannot be read.
pub(super) fn networks(recipe: &Checked, places: &RunInputs, run: &RunDir) -> anyhow::Result<Vec<ModelInfo>> {
    let wanted = weights::wanted(recipe, places)?;
    let infos = wanted.into_iter().map(|(contestant, seed)| model(places, run, contestant, seed));
    infos.collect()
}

/// Every network that would be evaluated, trained or not.
///
/// # Errors
/// When an id cannot be used, or weights are given to no model of the recipe.
pub(super) fn listed(recipe: &Checked, places: &RunInputs) -> anyhow::Result<Vec<ModelInfo>> {
    let wanted = weights::wanted(recipe, places)?;
    wanted.into_iter().map(|(contestant, seed)| info(places, contestant, seed, String::new())).collect()
}

fn model(places: &RunInputs, run: &RunDir, contestant: &ModelRecipe, seed: u64) -> anyhow::Result<ModelInfo> {
    let path = weights::path(places, run, &contestant.id, seed);
    let bytes = std::fs::read(&path).map_err(|error| {
        let (path, label, id) = (path.display(), &contestant.label, &contestant.id);
        match error.kind() {
            ErrorKind::NotFound => anyhow!(
                "{path}: no network of {label} (run `scribe train` first, or give a file: --weights {id}=FILE)"
            ),
            _ => anyhow!("{path}: the network of {label} cannot be read: {error}"),
        }
    })?;
    let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    info(places, contestant, seed, sha256)
}

fn info(
    places: &RunInputs,
    contestant: &ModelRecipe,
    seed: u64,
    checkpoint_sha256: String,
) -> anyhow::Result<ModelInfo> {
    Ok(ModelInfo {
        id: ModelId::new(&contestant.id)?,
        label: contestant.label.clone(),
        objective: toml::to_string(&contestant.objective)?.trim().replace('\n', ", ").replace('"', ""),
        seed,
        checkpoint_sha256,
        // A network from elsewhere shares neither first weights nor pictures with those that a run trains.
        trained: !places.weights.contains_key(&contestant.id),
    })
}
