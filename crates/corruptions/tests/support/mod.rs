//! What the tests share: the formula picture, hashes, rows of truth, and the frost pictures where there are any.
#![allow(dead_code, reason = "each test program uses a part of this file")]

use image::RgbImage;
use scribe_corruptions::{FrostTextures, Picture, Suite, formula_picture};
use std::path::{Path, PathBuf};

/// The formula picture as an image.
pub(crate) fn formula_image(width: usize, height: usize) -> RgbImage {
    formula_picture(width, height).into()
}

/// One row of a truth file.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub width: usize,
    pub height: usize,
    pub corruption: String,
    pub severity: u8,
    pub seed: u32,
    pub sha256: String,
}

/// The rows of `tests/truth/FILE`.
pub(crate) fn rows(file: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/truth").join(file);
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(&path).expect("a truth file");
    let number = |text: &str| text.parse::<u32>().expect("a number");
    reader
        .records()
        .map(|record| {
            let r = record.expect("a row of truth");
            Row {
                width: number(&r[2]) as usize,
                height: number(&r[3]) as usize,
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
pub(crate) fn frost() -> Option<FrostTextures> {
    let folder = PathBuf::from(std::env::var_os("SCRIBE_FROST")?);
    let open = |i: u32| {
        let path = folder.join(format!("frost{i}.png"));
        Picture::from(image::open(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).into_rgb8())
    };
    Some(FrostTextures::reference((1..=5).map(open).collect()).expect("the reference's pictures"))
}

/// The suite of this name, with the reference's frost where there is any.
pub(crate) fn suite(name: &str) -> Suite {
    let suite = Suite::by_name(name).expect("a suite");
    match frost() {
        Some(textures) => suite.with_frost(textures),
        None => suite,
    }
}
