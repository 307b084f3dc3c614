//! Reading a corrupted set back and comparing it with its manifest.

use crate::Result;
use crate::agree;
use crate::hash::sha256;
use crate::manifest::{self, MANIFEST, Row};
use crate::settings::{SETTINGS, Settings, file};
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

/// Compares the manifest of the set in the folder `out` with its settings, then reads every image and compares its size and
/// the SHA-256 of its pixels with the manifest.
///
/// `limits` bound the images: what the manifest says of their sizes is not believed. `progress` is called after each image,
/// from any thread.
///
/// # Errors
/// The settings or the manifest cannot be read, or contradict each other. A bad image is not an error but a problem.
pub fn verify(out: &Path, limits: Limits, progress: &OnProgress<'_>) -> Result<Verified> {
    let settings = Settings::read(&out.join(SETTINGS))?;
    let path = out.join(MANIFEST);
    let rows = manifest::parse(&manifest::text(&path)?, &path)?;
    agree::check(&rows, &settings, &path)?;
    let done = AtomicUsize::new(0);
    let problem = |row: &Row| {
        let problem = problem(out, row, limits);
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

fn problem(out: &Path, row: &Row, limits: Limits) -> Option<String> {
    let path = out.join(file(&row.corruption, row.severity, &row.image));
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
