//! Reading a corrupted set back and comparing it with its manifest.

use crate::hash::sha256;
use crate::manifest::{self, MANIFEST, Row};
use crate::settings::{SETTINGS, Settings, file};
use crate::{Error, Result};
use rayon::prelude::*;
use scribe_base::progress::OnProgress;
use scribe_dataset::{Limits, read_image_with};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What [`verify`] found.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Rows of the manifest.
    pub rows: usize,
    /// Rows that a whole set has.
    pub expected: usize,
    /// One line for each image that is not as its row says.
    pub problems: Vec<String>,
}

/// Reads every image of the set in the folder `out` and compares its size and the SHA-256 of its pixels with the manifest.
///
/// `progress` is called after each image, from any thread.
///
/// # Errors
/// The settings or the manifest cannot be read. A bad image is not an error but a problem.
pub fn verify(out: &Path, progress: &OnProgress<'_>) -> Result<Verified> {
    let settings = Settings::read(&out.join(SETTINGS))?;
    let path = out.join(MANIFEST);
    let text = std::fs::read_to_string(&path).map_err(Error::read(&path))?;
    let rows = manifest::parse(&text, &path)?;
    let done = AtomicUsize::new(0);
    let problem = |row: &Row| {
        let problem = problem(out, row);
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, rows.len());
        problem
    };
    let problems = rows.par_iter().filter_map(problem).collect();
    Ok(Verified {
        rows: rows.len(),
        expected: settings.pictures.saturating_mul(settings.conditions()),
        problems,
    })
}

fn problem(out: &Path, row: &Row) -> Option<String> {
    let path = out.join(file(&row.corruption, row.severity, &row.image));
    // The manifest says how large the image is, so a set that was made under a higher limit is verified without one.
    let limits = Limits::default().at_least(u64::from(row.width) * u64::from(row.height));
    let picture = match read_image_with(&path, limits) {
        Ok(picture) => picture,
        Err(error) => return Some(error.chain()),
    };
    if picture.dimensions() != (row.width, row.height) {
        let (w, h) = picture.dimensions();
        return Some(format!("{}: {w}x{h} pixels (expected {}x{})", path.display(), row.width, row.height));
    }
    let found = sha256(&picture);
    (found != row.sha256).then(|| format!("{}: SHA-256 is {found} (expected {})", path.display(), row.sha256))
}
