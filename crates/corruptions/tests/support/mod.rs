//! What the tests share: the formula picture, hashes, rows of truth, and the frost pictures where there are any.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

pub use scribe_corruptions::formula_picture as formula_image;
use scribe_corruptions::{FrostTextures, Suite};
use sha2::{Digest, Sha256};

/// The SHA-256 of a picture's bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// One row of a truth file.
#[derive(Clone, Debug)]
pub struct Row {
    pub width: u32,
    pub height: u32,
    pub corruption: String,
    pub severity: u8,
    pub seed: u32,
    pub sha256: String,
}

/// The rows of `tests/truth/FILE`.
pub fn rows(file: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/truth").join(file);
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(&path).expect("a truth file");
    let number = |text: &str| text.parse::<u32>().expect("a number");
    reader
        .records()
        .map(|record| {
            let r = record.expect("a row of truth");
            Row {
                width: number(&r[2]),
                height: number(&r[3]),
                corruption: r[4].to_string(),
                severity: number(&r[5]) as u8,
                seed: number(&r[6]),
                sha256: r[7].to_string(),
            }
        })
        .collect()
}

/// The reference's frost pictures as `frost1.png` .. `frost5.png` in the folder that `SCRIBE_FROST` names.
///
/// `tests/reference/README.md` says how to make that folder.
pub fn frost() -> Option<FrostTextures> {
    let folder = PathBuf::from(std::env::var_os("SCRIBE_FROST")?);
    let open = |i: u32| {
        let path = folder.join(format!("frost{i}.png"));
        image::open(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).into_rgb8()
    };
    Some(FrostTextures::reference((1..=5).map(open).collect()).expect("the reference's pictures"))
}

/// The suite of this name, with the reference's frost where there is any.
pub fn suite(name: &str) -> Suite {
    let suite = Suite::by_name(name).expect("a suite");
    match frost() {
        Some(textures) => suite.with_frost(textures),
        None => suite,
    }
}
