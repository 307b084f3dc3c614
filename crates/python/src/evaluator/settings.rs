//! What a store says about a run that a loop in Python fills.

use super::classes::Description;
use crate::errors::refused;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use scribe_base::digest::sha256_hex;
use scribe_corruptions::{Corruption, Suite};
use scribe_dataset::{Classes, ImageId, palette};
use scribe_records::{
    Condition, CorruptionInfo, FrostSource, Manifest, Mode, ModelId, ModelInfo, RunFacts, Series,
};
use std::collections::{BTreeMap, BTreeSet};

/// What `records` and `calibration_bins` were in stores that do not say it.
const USUAL: (&str, usize) = ("calibration cross_moments moments non_distinctiveness", 15);

/// What stands for the implementation of conditions whose pictures are given. Whether two networks saw the same is known
/// from the hashes of the pictures, where the loop gives them.
const GIVEN: &str = "pictures/python";

/// What the caller says about a run.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(super) struct Settings {
    pub classes: Description,
    pub model: String,
    pub label: String,
    pub suite: String,
    pub frost_source: String,
    pub master_seed: u64,
    pub view: String,
    pub images: Vec<String>,
    pub records: Vec<String>,
    pub calibration_bins: usize,
    pub moment_blocks: u32,
    pub severities: Vec<u8>,
    pub panels: usize,
}

impl Settings {
    /// Refuses ids that no store can have, or that are there twice, and a number of blocks that is 0.
    ///
    /// # Errors
    /// Names the value.
    pub(super) fn check(&self) -> PyResult<()> {
        if self.moment_blocks == 0 {
            return Err(PyValueError::new_err("moment_blocks: 0 (expected at least 1)"));
        }
        let mut before = BTreeSet::new();
        for id in &self.images {
            id.parse::<ImageId>().map_err(|error| crate::errors::wrong(&error))?;
            if !before.insert(id) {
                return Err(PyValueError::new_err(format!(
                    "images: {id} is there twice (expected each id once)"
                )));
            }
        }
        Ok(())
    }

    /// The one series of the run.
    pub(super) fn series(&self, model: ModelId) -> Series {
        Series::new(model, 0, Mode::single())
    }

    /// The manifest before the first result: no corruption is known yet. `map` stands for the map of the network's classes.
    pub(super) fn manifest(&self, name: String, series: &Series, classes: &Classes, map: String) -> Manifest {
        let model = ModelInfo {
            objective: "predictions of another program".to_owned(),
            checkpoint_sha256: map,
            ..ModelInfo::new(series.model.clone(), self.label.clone())
        };
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let versions = BTreeMap::from([("scribe-corruptions for Python".to_owned(), version)]);
        let program = concat!("scribe-corruptions ", env!("CARGO_PKG_VERSION"), " for Python");
        let facts = RunFacts { name, ..RunFacts::default() };
        let (digest, keys) = self.recipe();
        Manifest::new(classes.names())
            .classes(shown_colours(classes), classes.has_background())
            .recipe(digest, keys)
            .facts(&facts)
            .program(program, "", versions)
            .models(vec![model])
            .suite(self.suite.clone(), FrostSource::from(self.frost_source.as_str()))
            .master_seed(self.master_seed)
            .view(self.view.clone())
            .moment_blocks(self.moment_blocks)
            .images(self.images.iter().cloned())
    }

    /// What is counted, where it is not the usual, under the keys of recipes: results of other counts never mix.
    fn recipe(&self) -> (String, BTreeMap<String, String>) {
        let records: BTreeSet<&str> = self.records.iter().map(String::as_str).collect();
        let records = records.into_iter().collect::<Vec<_>>().join(" ");
        if (records.as_str(), self.calibration_bins) == USUAL {
            return Default::default();
        }
        let keys = BTreeMap::from([
            ("eval.calibration_bins".to_owned(), self.calibration_bins.to_string()),
            ("eval.records".to_owned(), records),
        ]);
        (sha256_hex(format!("{keys:?}")), keys)
    }
}

/// The colours of the classes, none where they are those of VOC's palette, which is what a store without colours means.
fn shown_colours(classes: &Classes) -> Vec<[u8; 3]> {
    let of_voc = classes.colours().eq(palette().into_iter().take(classes.len()));
    if of_voc { Vec::new() } else { classes.colours().collect() }
}

/// The condition of this name and severity.
///
/// # Errors
/// The suite has no such corruption, the name cannot be that of given pictures, or the severity is none.
pub(super) fn condition(suite: &Suite, name: &str, severity: u8) -> PyResult<Condition> {
    let condition = Condition::new(name, severity).map_err(|error| crate::errors::wrong(&error))?;
    match name.strip_prefix(CorruptionInfo::GIVEN_PREFIX) {
        Some(given) => {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b);
            if !(1..=40).contains(&given.len()) || !given.bytes().all(plain) {
                return Err(PyValueError::new_err(format!(
                    "{name:?}: after real_, 1 to 40 lower-case letters, digits, '-' and '_' are expected"
                )));
            }
        }
        None if condition.is_clean() => {}
        None => suite.get(name).map(|_| ()).map_err(|error| refused(&error))?,
    }
    Ok(condition)
}

/// Adds a condition to those of the tables: corruptions in the suite's order, and then given pictures as they came.
///
/// # Errors
/// The suite has no such corruption.
pub(super) fn add_condition(manifest: &mut Manifest, suite: &Suite, condition: &Condition) -> PyResult<()> {
    let name = &condition.corruption;
    let known = manifest.corruptions.iter().position(|known| known.name == *name);
    let at = known.unwrap_or(manifest.corruptions.len());
    if name.starts_with(CorruptionInfo::GIVEN_PREFIX) {
        if known.is_none() {
            manifest.corruptions.push(info(name, GIVEN, CorruptionInfo::GIVEN));
        }
        add(&mut manifest.corruptions[at].severities, condition.severity);
        return Ok(());
    }
    if known.is_none() {
        let made = suite.get(name).map_err(|error| refused(&error))?;
        manifest.corruptions.push(info(name, made.implementation(), made.group().name()));
        let place = |name: &str| suite.all().map(Corruption::name).position(|other| other == name);
        manifest.corruptions.sort_by_key(|known| place(&known.name).unwrap_or(usize::MAX));
    }
    add(&mut manifest.severities, condition.severity);
    Ok(())
}

fn info(name: &str, implementation: &str, group: &str) -> CorruptionInfo {
    CorruptionInfo {
        name: name.to_owned(),
        implementation: implementation.to_owned(),
        group: group.to_owned(),
        severities: Vec::new(),
    }
}

fn add(severities: &mut Vec<u8>, severity: u8) {
    if !severities.contains(&severity) {
        severities.push(severity);
        severities.sort_unstable();
    }
}
