//! What a store says about the run that filled it.

use super::run::Run;
use super::test_protocol::TestProtocol;
use scribe_dataset::CLASS_NAMES;
use scribe_records::{CorruptionInfo, Manifest, Mode, ModelInfo};
use std::collections::BTreeMap;

/// The manifest of the run for these models and modes. It holds no time and no path: the same run writes the same
/// manifest.
///
/// # Errors
/// When a corruption's name is unknown, or the pictures were not opened.
pub(super) fn manifest(run: &Run, models: Vec<ModelInfo>, modes: Vec<Mode>) -> anyhow::Result<Manifest> {
    let (recipe, pictures, protocol) = (&run.recipe, run.pictures()?, run.protocol()?);
    // Beside the keys that decide results, what a reader of the report wants to know about the run.
    let mut keys = recipe.identity();
    let set = if pictures.are_synthetic() { "drawn pictures, val list" } else { "val list in VOC's layout" };
    keys.insert("name".into(), recipe.name.clone());
    keys.insert("data.set".into(), set.into());
    keys.insert("data.drawn".into(), pictures.are_synthetic().to_string());
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
        suite: protocol.suite.name().into(),
        corruptions: corruptions(protocol)?,
        severities: protocol.severities.iter().map(|severity| severity.get()).collect(),
        frost_source: protocol.suite.frost_source().into(),
        master_seed: protocol.master_seed,
        view: protocol.view.to_string(),
        moment_blocks: recipe.eval.moment_blocks,
        images: pictures.test_ids().iter().map(ToString::to_string).collect(),
        // The store writes it, with the pictures' own rows.
        data_sha256: String::new(),
        created_by: format!("scribe {}", env!("CARGO_PKG_VERSION")),
    })
}

/// The tested corruptions, as the manifest names them.
fn corruptions(protocol: &TestProtocol) -> anyhow::Result<Vec<CorruptionInfo>> {
    let info = |name: &String| {
        let corruption = protocol.suite.get(name)?;
        Ok(CorruptionInfo {
            name: corruption.name().into(),
            implementation: corruption.implementation().into(),
            group: corruption.group().name().into(),
        })
    };
    protocol.corruptions.iter().map(info).collect()
}
