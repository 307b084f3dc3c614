//! Whether the pictures that a set was made from are still the same.

use super::folder::MANIFEST;
use super::make::Maker;
use super::manifest::Row;
use crate::progress;
use anyhow::bail;
use rayon::prelude::*;
use scribe_dataset::ImageId;

/// Compares each picture that has rows with the file that lies in the data folder now.
///
/// `rows` are those of whole pictures, `conditions` for each of the first `ids`.
///
/// # Errors
/// When a picture cannot be read, or is another one than the manifest's `source_sha256` says; the first is named.
pub(super) fn check(
    maker: &Maker<'_>,
    ids: &[ImageId],
    rows: &[Row],
    conditions: usize,
) -> anyhow::Result<()> {
    let bar = progress::bar("checking", (rows.len() / conditions) as u64, "pictures");
    // All rows of a picture tell the same source.
    let compare = |(id, rows): (_, &[Row])| {
        let found = maker.source_sha256(id);
        bar.inc(1);
        let said = rows[0].source_sha256.clone();
        found.map(|found| (found != said).then_some((id, found, said))).transpose()
    };
    let pairs = ids.par_iter().zip(rows.par_chunks_exact(conditions));
    let changed: Vec<(&ImageId, String, String)> =
        pairs.filter_map(compare).collect::<anyhow::Result<_>>()?;
    bar.finish_and_clear();
    let Some((id, found, said)) = changed.first() else { return Ok(()) };
    let others = match changed.len() - 1 {
        0 => String::new(),
        1 => " (and 1 other picture)".to_owned(),
        n => format!(" (and {n} other pictures)"),
    };
    bail!(
        "{}: picture {id}{others} has changed since the set was made: its source_sha256 is {said}, now it is {found} (expected \
         the same pictures: put back what the set was made from, or name another folder with --out)",
        maker.out.join(MANIFEST).display()
    )
}
