//! The sizes of pictures, from the heads of their files.

use super::FoundPair;
use crate::Template;
use crate::decode::check_file;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// How many pictures' sizes are looked at.
const SIZES: usize = 100;

/// The sizes of some of a pair's pictures, from the heads of their files.
pub(super) fn sizes(root: &Path, pair: &FoundPair) -> Vec<(u32, u32)> {
    let Ok(template) = Template::new(&pair.pictures) else { return Vec::new() };
    let step = pair.ids.len().div_ceil(SIZES).max(1);
    let path = |id: &String| template.picture(root, &id.parse().ok()?).ok();
    pair.ids.iter().step_by(step).filter_map(|id| size(&path(id)?)).collect()
}

fn size(path: &Path) -> Option<(u32, u32)> {
    check_file(path).ok()?;
    let file = BufReader::new(File::open(path).ok()?);
    let reader = image::ImageReader::new(file).with_guessed_format().ok()?;
    reader.into_dimensions().ok()
}
