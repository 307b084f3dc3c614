//! Reads a corrupted set back and compares it with its manifest.

use super::folder::{MANIFEST, SETTINGS};
use super::make::sha256;
use super::manifest::{self, Row};
use super::settings::{Settings, file};
use crate::progress;
use anyhow::Context;
use rayon::prelude::*;
use scribe_dataset::{Limits, read_image_with};
use std::path::Path;

/// What was found.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Rows of the manifest.
    pub rows: usize,
    /// Rows that a whole set has.
    pub expected: usize,
    /// One line for each picture that is not as its row says.
    pub problems: Vec<String>,
}

/// Reads every picture of the folder `out` and compares its size and the SHA-256 of its pixels with the manifest.
///
/// # Errors
/// When the settings or the manifest cannot be read; a bad picture is no error but a problem.
pub fn verify(out: &Path) -> anyhow::Result<Verified> {
    let settings = Settings::read(&out.join(SETTINGS))?;
    let path = out.join(MANIFEST);
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let rows = manifest::parse(&text, &path)?;
    let bar = progress::bar("verifying", rows.len() as u64, "pictures");
    let problem = |row: &Row| {
        bar.inc(1);
        problem(out, row)
    };
    let problems = rows.par_iter().filter_map(problem).collect();
    bar.finish_and_clear();
    Ok(Verified { rows: rows.len(), expected: settings.pictures * settings.conditions(), problems })
}

fn problem(out: &Path, row: &Row) -> Option<String> {
    let path = out.join(file(&row.corruption, row.severity, &row.image));
    // The manifest vouches for the size, so a set that was made under a higher limit is verified without one.
    let limits = Limits::default().at_least(u64::from(row.width) * u64::from(row.height));
    let picture = match read_image_with(&path, limits) {
        Ok(picture) => picture,
        Err(error) => return Some(error.to_string()),
    };
    if picture.dimensions() != (row.width, row.height) {
        let (w, h) = picture.dimensions();
        return Some(format!("{}: {w}x{h} pixels (expected {}x{})", path.display(), row.width, row.height));
    }
    let found = sha256(&picture);
    (found != row.sha256).then(|| format!("{}: SHA-256 is {found} (expected {})", path.display(), row.sha256))
}
