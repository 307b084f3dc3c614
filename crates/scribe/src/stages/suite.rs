//! The corruptions of a run, with the reference's frost pictures where they were fetched.

use anyhow::Context;
use scribe_corruptions::{FrostTextures, Suite};
use scribe_dataset::FrostPictures;
use std::path::Path;

/// A suite by name. Frost uses the six pictures in `frost` if that folder exists, else textures that are generated.
///
/// # Errors
/// When the suite is unknown, or the folder exists and a picture in it is missing or another one.
pub fn suite(name: &str, frost: &Path) -> anyhow::Result<Suite> {
    let suite = Suite::by_name(name)?;
    if !frost.exists() {
        return Ok(suite);
    }
    let pictures = FrostPictures::from_cache(frost)
        .context("the frost pictures; `scribe data frost` fetches them anew")?;
    Ok(suite.with_frost(FrostTextures::reference(pictures)?))
}
