//! Checks every file of a split.

mod label_file;
mod report;
mod warnings;

pub use report::{CheckReport, Problem, UnlistedValue};

use crate::layout::{FileSplit, similar};
use crate::{ImageId, Split};
use label_file::LabelFile;
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// For so many missing files a similar name is looked for, which takes as long as their folder has files.
const MOST_SIMILAR: usize = 100;

/// Loads every image of a split on all threads and checks that its files exist and are complete, that sizes match and
/// that every value of a label map has a meaning.
///
/// For the first hundred missing files, a file of a similar name is told too.
/// `progress` is called after each image with the number done and the total, from any thread.
/// Open the split with [`crate::VocSplit::open_unchecked`] or [`crate::Layout::open_unchecked`], so that missing files
/// are listed too.
pub fn check_dataset(split: &FileSplit, progress: &(dyn Fn(usize, usize) + Sync)) -> CheckReport {
    let ids = split.ids();
    let done = AtomicUsize::new(0);
    let gone: Vec<Option<&Path>> = ids.par_iter().map(|id| split.gone(id)).collect();
    // From here on, a missing file is told without a similar name.
    let plain = gone.iter().enumerate().filter(|(_, path)| path.is_some()).nth(MOST_SIMILAR);
    let plain = plain.map_or(ids.len(), |(index, _)| index);
    let check = |(index, id): (usize, &ImageId)| {
        let result = match gone[index] {
            Some(path) if index >= plain => Err(split.missing(path, id).chain()),
            _ => LabelFile::read(split, id),
        };
        let orientation = split.orientation(id).filter(|&value| value != 1);
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, ids.len());
        (result, orientation)
    };
    let results: Vec<_> = ids.par_iter().enumerate().map(check).collect();
    let mut report = CheckReport::new(split.classes().clone(), ids.len());
    for (id, (result, orientation)) in ids.iter().zip(results) {
        report.oriented.extend(orientation.map(|value| (id.clone(), value)));
        match result {
            Ok(file) => report.add(id, file),
            Err(message) => report.problems.push(Problem { id: id.clone(), message }),
        }
    }
    report.repeated = split.repeated().to_vec();
    let orphans = split.orphans().iter().enumerate();
    report.orphans = orphans.map(|(index, label)| orphan(split, label, index < MOST_SIMILAR)).collect();
    report
}

/// What is said of a label map without a picture; `look` for one of a similar name.
fn orphan(split: &FileSplit, label: &Path, look: bool) -> String {
    let picture = split.source().join(label.file_name().unwrap_or_default());
    let near = look.then(|| similar(&picture)).flatten();
    let near = near.map_or(String::new(), |name| format!("; a picture of a similar name is {name}"));
    format!("{}: there is no picture of this label map{near}", label.display())
}
