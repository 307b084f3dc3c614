//! The corruptions of a run, with the reference's frost pictures where they were fetched.

use anyhow::Context;
use scribe_corruptions::{FrostTextures, Suite};
use scribe_dataset::FrostPictures;
use std::path::Path;
use std::sync::Once;

/// A suite by name, of which the corruptions `tested` (words as [`Suite::select`] takes them) will be used. Frost uses the
/// six pictures in `frost` if that folder exists, else textures that are generated; where frost is among the tested ones, a
/// warning says so.
///
/// # Errors
/// When the suite or a corruption is unknown, or the folder exists and a picture in it is missing or another one.
pub fn suite(name: &str, frost: &Path, tested: &[impl AsRef<str>]) -> anyhow::Result<Suite> {
    let suite = with_pictures(Suite::by_name(name)?, frost)?;
    let frosts = suite.select(tested)?.iter().any(|corruption| corruption.name() == "frost");
    if frosts && suite.frost_source().contains("procedural") {
        // A command may ask for its suite twice; one warning suffices.
        static SAID: Once = Once::new();
        SAID.call_once(|| {
            tracing::warn!("frost textures are generated ones; `scribe data frost` fetches the reference's");
        });
    }
    Ok(suite)
}

fn with_pictures(suite: Suite, frost: &Path) -> anyhow::Result<Suite> {
    if !frost.exists() {
        return Ok(suite);
    }
    let pictures = FrostPictures::from_cache(frost)
        .context("the frost pictures; `scribe data frost` fetches them anew")?;
    Ok(suite.with_frost(FrostTextures::reference(pictures)?))
}
