//! The conditions of a recipe whose pictures are given: real fog, night or rain.

use super::identity::identity;
use crate::recipe::{CheckedRecipe, GivenCondition};
use anyhow::Context;
use scribe_base::digest::sha256_hex;
use scribe_dataset::{FileSplit, ImageId, Split, Template};
use scribe_records::{Condition, CorruptionInfo};
use std::path::Path;

/// One condition, and the test pictures under it.
pub(crate) struct Given {
    pub(crate) condition: Condition,
    pub(crate) split: FileSplit,
    /// SHA-256 over its pictures and label maps.
    digest: String,
}

/// Opens the conditions of the recipe, each with a picture of every image of `ids`.
///
/// # Errors
/// A picture or a label map is not there, or cannot be read.
pub(super) fn open(
    recipe: &CheckedRecipe,
    root: &Path,
    test: &FileSplit,
    ids: &[ImageId],
) -> anyhow::Result<Vec<Given>> {
    let open = |wanted: &GivenCondition| -> anyhow::Result<Given> {
        let name = format!("{}{}", CorruptionInfo::GIVEN_PREFIX, wanted.name);
        let (condition, pictures) =
            (Condition::new(name, wanted.severity)?, Template::new(&wanted.pictures)?);
        let labels = wanted.labels.as_deref().map(Template::new).transpose()?;
        let split = test.with_pictures(root, ids, &pictures, labels.as_ref())?;
        let digest = identity(&condition.to_string(), &split, split.ids())?.digest();
        Ok(Given { condition, split, digest })
    };
    let conditions = recipe.eval.conditions.iter();
    conditions
        .map(|wanted| {
            open(wanted).with_context(|| format!("[[eval.conditions]] {}:{}", wanted.name, wanted.severity))
        })
        .collect()
}

/// What the manifest says of them: one entry for each name, whose implementation is a hash of its files, so that results
/// of other pictures never mix.
pub(super) fn infos(given: &[Given]) -> Vec<CorruptionInfo> {
    let mut infos: Vec<CorruptionInfo> = Vec::new();
    for one in given {
        let name = &one.condition.corruption;
        if infos.iter().any(|info| info.name == *name) {
            continue;
        }
        let mut of_name: Vec<&Given> =
            given.iter().filter(|other| other.condition.corruption == *name).collect();
        of_name.sort_by_key(|other| other.condition.severity);
        let line = |one: &&Given| format!("{} {}\n", one.condition.severity, one.digest);
        let mut digest = sha256_hex(of_name.iter().map(line).collect::<String>());
        digest.truncate(16);
        infos.push(CorruptionInfo {
            name: name.clone(),
            implementation: format!("pictures/{digest}"),
            group: CorruptionInfo::GIVEN.to_owned(),
            severities: of_name.iter().map(|one| one.condition.severity).collect(),
        });
    }
    infos
}
