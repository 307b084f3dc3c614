//! What a store says about the run that filled it.

use super::given_conditions::infos;
use super::run::Run;
use super::test_protocol::TestProtocol;
use scribe_dataset::{Classes, palette};
use scribe_records::{CorruptionInfo, Manifest, Mode, ModelInfo, RunFacts};
use std::collections::BTreeMap;

/// The manifest of the run for these models and modes. It holds no time and no path: the same run writes the same
/// manifest.
///
/// # Errors
/// When a corruption's name is unknown, or the pictures were not opened.
pub(super) fn manifest(run: &Run, models: Vec<ModelInfo>, modes: Vec<Mode>) -> anyhow::Result<Manifest> {
    let (recipe, pictures, protocol) = (&run.recipe, run.pictures()?, run.protocol()?);
    let set = match &recipe.data.val {
        _ if pictures.are_synthetic() => "drawn pictures, val list".to_owned(),
        Some(files) => format!("{}: {}", recipe.classes().name(), files.text()),
        None => "val list in VOC's layout".to_owned(),
    };
    let facts = RunFacts { name: recipe.name.clone(), set, synthetic: pictures.are_synthetic() };
    let versions = [
        ("scribe", env!("CARGO_PKG_VERSION")),
        ("candle-core", env!("SCRIBE_CANDLE")),
        ("rustc", env!("SCRIBE_RUSTC")),
    ];
    let versions = versions.map(|(name, version)| (name.to_owned(), version.to_owned()));
    let corruptions = [corruptions(protocol)?, infos(pictures.given())].concat();
    let severities = protocol.severities.iter().map(|severity| severity.get()).collect();
    let classes = recipe.classes();
    Ok(Manifest::new(classes.names())
        .classes(shown_colours(classes), classes.has_background())
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
        .corruptions(corruptions, severities)
        .master_seed(protocol.master_seed)
        .further_seeds(recipe.eval.further_seeds(), drawless(run, protocol))
        .view(protocol.view.to_string())
        .corrupted_as(protocol.suite.channel_order().to_string(), protocol.corruption_place.to_string())
        .moment_blocks(recipe.eval.moment_blocks)
        .images(pictures.test_ids().iter().map(ToString::to_string)))
}

/// The tested corruptions that draw no random number; none are named where nothing is drawn again.
fn drawless(run: &Run, protocol: &TestProtocol) -> Vec<String> {
    if run.recipe.eval.further_seeds().is_empty() {
        return Vec::new();
    }
    let draws = |name: &str| protocol.suite.get(name).is_ok_and(|corruption| corruption.draws());
    protocol.corruptions.iter().filter(|name| !draws(name)).cloned().collect()
}

/// The colours of the classes, none where they are those of VOC's palette, which is what a store without colours means.
fn shown_colours(classes: &Classes) -> Vec<[u8; 3]> {
    let of_voc = classes.colours().eq(palette().into_iter().take(classes.len()));
    if of_voc { Vec::new() } else { classes.colours().collect() }
}

/// The tested corruptions, as the manifest names them.
fn corruptions(protocol: &TestProtocol) -> anyhow::Result<Vec<CorruptionInfo>> {
    let info = |name: &String| {
        let corruption = protocol.suite.get(name)?;
        Ok(CorruptionInfo {
            name: corruption.name().into(),
            implementation: corruption.implementation().into(),
            group: corruption.group().name().into(),
            severities: Vec::new(),
        })
    };
    protocol.corruptions.iter().map(info).collect()
}
