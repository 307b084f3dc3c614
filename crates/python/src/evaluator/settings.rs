//! What a store says about a run that a loop in Python fills.

use crate::errors::refused;
use pyo3::PyResult;
use scribe_corruptions::{Corruption, Suite};
use scribe_records::{
    Condition, CorruptionInfo, FrostSource, Manifest, Mode, ModelId, ModelInfo, RunFacts, Series,
};
use std::collections::BTreeMap;

/// What the caller says about a run.
pub(super) struct Settings {
    pub name: String,
    pub class_names: Vec<String>,
    pub class_colours: Vec<[u8; 3]>,
    pub has_background: bool,
    pub model: ModelId,
    pub label: String,
    pub frost_source: FrostSource,
    pub master_seed: u64,
    pub view: String,
    pub images: Vec<String>,
}

impl Settings {
    /// The one series of the run.
    pub(super) fn series(&self) -> Series {
        Series::new(self.model.clone(), 0, Mode::single())
    }

    /// The manifest before the first result: no corruption is known yet.
    pub(super) fn manifest(&self, suite: &Suite) -> Manifest {
        let objective = "predictions of another program".to_owned();
        let model = ModelInfo { objective, ..ModelInfo::new(self.model.clone(), self.label.clone()) };
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let versions = BTreeMap::from([("scribe-corruptions for Python".to_owned(), version)]);
        let program = concat!("scribe-corruptions ", env!("CARGO_PKG_VERSION"), " for Python");
        let facts = RunFacts { name: self.name.clone(), ..RunFacts::default() };
        Manifest::new(self.class_names.iter().cloned())
            .classes(self.class_colours.clone(), self.has_background)
            .facts(&facts)
            .program(program, "", versions)
            .models(vec![model])
            .suite(suite.name(), self.frost_source.clone())
            .master_seed(self.master_seed)
            .view(self.view.clone())
            .images(self.images.iter().cloned())
    }
}

/// Adds a condition to those of the tables, in the suite's order.
///
/// # Errors
/// The suite has no such corruption.
pub(super) fn add_condition(manifest: &mut Manifest, suite: &Suite, condition: &Condition) -> PyResult<()> {
    let corruption = suite.get(&condition.corruption).map_err(|error| refused(&error))?;
    if manifest.corruptions.iter().all(|known| known.name != condition.corruption) {
        manifest.corruptions.push(CorruptionInfo {
            name: corruption.name().to_owned(),
            implementation: corruption.implementation().to_owned(),
            group: corruption.group().name().to_owned(),
            severities: Vec::new(),
        });
        let place = |name: &str| suite.all().map(Corruption::name).position(|other| other == name);
        manifest.corruptions.sort_by_key(|known| place(&known.name));
    }
    if !manifest.severities.contains(&condition.severity) {
        manifest.severities.push(condition.severity);
        manifest.severities.sort_unstable();
    }
    Ok(())
}
