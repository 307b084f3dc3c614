//! The corruptions of a run, with the reference's frost pictures where they were fetched.

use crate::suites;
use anyhow::Context;
use scribe_corruptions::{FrostTextures, Picture, Suite};
use scribe_dataset::read_frost_pictures;
use scribe_records::FrostSource;
use std::path::Path;
use std::sync::Once;

/// The suite of this name. Its frost uses the six pictures in the folder `frost`, or generated textures where there is no
/// such folder; a warning says so if frost is among the `corruptions` (words as [`Suite::select`] takes them).
///
/// # Errors
/// When the suite or a corruption is unknown, or a picture in the folder is missing or has other bytes than the
/// reference's.
pub fn suite(name: &str, frost: &Path, corruptions: &[impl AsRef<str>]) -> anyhow::Result<Suite> {
    let suite = with_pictures(suites::named(name)?, frost)?;
    let uses_frost = suite.select(corruptions)?.iter().any(|corruption| corruption.name() == "frost");
    if uses_frost && FrostSource::from(suite.frost_source()) == FrostSource::Procedural {
        // A command may ask for its suite twice; one warning suffices.
        static WARNED: Once = Once::new();
        WARNED.call_once(|| {
            tracing::warn!("frost textures are generated ones; `scribe data frost` fetches the reference's");
        });
    }
    Ok(suite)
}

fn with_pictures(suite: Suite, frost: &Path) -> anyhow::Result<Suite> {
    if !frost.exists() {
        return Ok(suite);
    }
    let pictures =
        read_frost_pictures(frost).context("the frost pictures; `scribe data frost` fetches them again")?;
    Ok(suite.with_frost(FrostTextures::reference(pictures.into_iter().map(Picture::from).collect())?))
}
