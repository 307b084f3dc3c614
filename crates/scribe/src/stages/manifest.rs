//! What a store says about the run that filled it.

use super::run::Run;
use super::test_protocol::TestProtocol;
use scribe_dataset::CLASS_NAMES;
use scribe_records::{CorruptionInfo, Manifest, Mode, ModelInfo, RunFacts};
use std::collections::BTreeMap;

/// The manifest of the run for these models and modes. It holds no time and no path: the same run writes the same
/// manifest.
///
/// # Errors
/// When a corruption's name is unknown, or the pictures were not opened.
pub(super) fn manifest(run: &Run, models: Vec<ModelInfo>, modes: Vec<Mode>) -> anyhow::Result<Manifest> {
    let (recipe, pictures, protocol) = (&run.recipe, run.pictures()?, run.protocol()?);
    let set = if pictures.are_synthetic() { "drawn pictures, val list" } else { "val list in VOC's layout" };
    let facts =
        RunFacts { name: recipe.name.clone(), set: set.to_owned(), synthetic: pictures.are_synthetic() };
    let versions = [
        ("scribe", env!("CARGO_PKG_VERSION")),
        ("candle-core", env!("SCRIBE_CANDLE")),
        ("rustc", env!("SCRIBE_RUSTC")),
    ];
    let versions = versions.map(|(name, version)| (name.to_owned(), version.to_owned()));
    let severities = protocol.severities.iter().map(|severity| severity.get()).collect();
    Ok(Manifest::new(CLASS_NAMES)
        .recipe(recipe.digest(), recipe.identity())
        .facts(&facts)
        .program(
            concat!("scribe ", env!("CARGO_PKG_VERSION")),
            env!("SCRIBE_REVISION"),
            BTreeMap::from(versions),
        )
        .models(models)
        .modes(modes)
        .suite(protocol.suite.name(), protocol.suite.frost_source().into())
        .corruptions(corruptions(protocol)?, severities)
        .master_seed(protocol.master_seed)
        .view(protocol.view.to_string())
        .moment_blocks(recipe.eval.moment_blocks)
        .images(pictures.test_ids().iter().map(ToString::to_string)))
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
