//! `manifest.csv`: one row for each picture under each condition.

use super::settings::Settings;
use anyhow::{Context, bail};
use scribe_dataset::ImageId;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// One row; the columns are in the fields' order, and FORMAT.md documents them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    pub image: String,
    pub corruption: String,
    pub severity: u8,
    pub seed: u32,
    pub width: u32,
    pub height: u32,
    pub sha256: String,
    pub source_sha256: String,
    pub file_bytes: u64,
}

/// The first line.
pub(super) const HEADER: &str =
    "image,corruption,severity,seed,width,height,sha256,source_sha256,file_bytes\n";

/// Rows as lines of the file.
pub(super) fn lines(rows: &[Row]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    for row in rows {
        writer.serialize(row)?;
    }
    Ok(writer.into_inner()?)
}

/// The rows of whole lines; a last line that a kill cut off is left out.
pub(super) fn parse(text: &str, path: &Path) -> anyhow::Result<Vec<Row>> {
    let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
    if whole.is_empty() {
        return Ok(Vec::new());
    }
    let Some(body) = whole.strip_prefix(HEADER) else {
        bail!(
            "{}: not a manifest of a corrupted set (expected the first line {})",
            path.display(),
            HEADER.trim_end()
        );
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(body.as_bytes());
    let rows = reader.deserialize().enumerate();
    rows.map(|(i, row)| row.with_context(|| format!("{} line {}", path.display(), i + 2))).collect()
}

/// How many pictures have all their rows. Refuses rows that are not those of these pictures in this order.
pub(super) fn whole_pictures(
    rows: &[Row],
    settings: &Settings,
    ids: &[ImageId],
    path: &Path,
) -> anyhow::Result<usize> {
    let expected = ids.iter().flat_map(|id| settings.each_condition().map(move |(c, s)| (id.as_str(), c, s)));
    for (i, (row, wanted)) in rows.iter().zip(expected).enumerate() {
        let found = (row.image.as_str(), row.corruption.as_str(), row.severity);
        if found != wanted {
            bail!(
                "{} line {}: {found:?} (expected {wanted:?}: has the split list changed?)",
                path.display(),
                i + 2
            );
        }
    }
    let most = ids.len() * settings.conditions();
    if rows.len() > most {
        bail!("{}: {} rows (expected at most {most})", path.display(), rows.len());
    }
    Ok(rows.len() / settings.conditions())
}
