//! Bytes against the Python packages, row by row of `tests/truth/*.csv`.
//!
//! The rows were made by `tests/reference/make_truth.py`, whose header has the pinned packages:
//! `make_truth.py imagecorruptions-formula.csv`,
//! `make_truth.py imagecorruptions-sizes.csv --sizes 33x500,281x500,513x300,1024x683,32x32 --seeds 7 --severities 1,3,5`
//! and `make_truth.py imagenet_c-formula.csv --suite imagenet_c --sizes 224x224`.

mod support;

use scribe_base::digest::sha256_hex;
use scribe_corruptions::{Rng, Severity, formula_picture};
use std::collections::BTreeMap;
use support::{Row, rows, suite};

/// Counts matched rows by corruption, prints them, and returns the rows that differ.
fn compare(suite_name: &str, rows: &[Row], skip: impl Fn(&Row) -> bool) -> Vec<String> {
    let suite = suite(suite_name);
    let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for row in rows.iter().filter(|row| !skip(row)) {
        let mut picture = formula_picture(row.width, row.height);
        if row.corruption != "input" {
            let severity = Severity::new(row.severity).expect("a severity");
            let corruption = suite.get(&row.corruption).expect("a known corruption");
            let mut rng = Rng::seed(row.seed);
            corruption.apply_in_place((&mut picture).into(), severity, &mut rng).expect("an accepted size");
        }
        let count = counts.entry(&row.corruption).or_default();
        count.1 += 1;
        if sha256_hex(picture.bytes()) == row.sha256 {
            count.0 += 1;
        } else {
            wrong.push(format!("{suite_name} {row:?}"));
        }
    }
    for (name, (matched, all)) in counts {
        eprintln!("{suite_name:16} {name:18} {matched}/{all}");
    }
    wrong
}

/// Whether a frost row cannot be checked for want of the reference's pictures.
fn no_frost(row: &Row) -> bool {
    row.corruption == "frost" && support::frost().is_none()
}

#[test]
fn imagecorruptions_matches_every_row() {
    if support::frost().is_none() {
        eprintln!("skipped: frost (SCRIBE_FROST names no folder)");
    }
    let wrong = compare("imagecorruptions", &rows("imagecorruptions-formula.csv"), no_frost);
    assert!(wrong.is_empty(), "{} rows differ, first {:?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}

#[test]
fn odd_sizes_match_every_row() {
    let wrong = compare("imagecorruptions", &rows("imagecorruptions-sizes.csv"), no_frost);
    assert!(wrong.is_empty(), "{} rows differ, first {:?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}

#[test]
fn imagenet_c_matches_every_row() {
    // jpeg_compression there came from another JPEG library (IJG libjpeg 9 inside Pillow 8.0.1).
    let skip = |row: &Row| row.corruption == "jpeg_compression" || no_frost(row);
    let wrong = compare("imagenet_c", &rows("imagenet_c-formula.csv"), skip);
    assert!(wrong.is_empty(), "{} rows differ, first {:?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}
