//! `manifest.csv`: one row for each image under each condition.

use crate::settings::Settings;
use crate::{Error, Result};
use scribe_base::text_file;
use scribe_dataset::ImageId;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// One row; the columns are in the fields' order, and FORMAT.md documents them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) image: String,
    pub(crate) corruption: String,
    pub(crate) severity: u8,
    pub(crate) seed: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) sha256: String,
    pub(crate) source_sha256: String,
    pub(crate) file_bytes: u64,
}

/// The name of the rows' file in a set's folder.
pub(crate) const MANIFEST: &str = "manifest.csv";

/// The first line.
pub(crate) const HEADER: &str =
    "image,corruption,severity,seed,width,height,sha256,source_sha256,file_bytes\n";

/// Rows as lines of the file.
pub(crate) fn lines(rows: &[Row]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).expect("a row is plain data, and memory takes every byte");
    }
    writer.into_inner().expect("memory takes every byte")
}

/// The most bytes of a manifest: about five million rows.
const MOST: u64 = 1 << 30;

/// Reads the file.
pub(crate) fn text(path: &Path) -> Result<String> {
    text_file::read(path, MOST).map_err(Error::read(path))
}

/// The rows of whole lines; a last line that a kill cut off is left out.
pub(crate) fn parse(text: &str, path: &Path) -> Result<Vec<Row>> {
    let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
    if whole.is_empty() {
        return Ok(Vec::new());
    }
    let Some(body) = whole.strip_prefix(HEADER) else {
        return Err(Error::Manifest { path: path.to_owned(), expected: HEADER.trim_end() });
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(body.as_bytes());
    let rows = reader.deserialize().enumerate();
    let named = |(i, row): (usize, csv::Result<Row>)| {
        let line = i + 2;
        let row = row.map_err(|source| Error::ManifestLine { path: path.to_owned(), line, source })?;
        match broken_name(&row) {
            Some((name, reason)) => Err(Error::ManifestName { path: path.to_owned(), line, name, reason }),
            None => Ok(row),
        }
    };
    rows.map(named).collect()
}

/// A name in a row that might lead out of the set's folder, and why it is none: image ids follow the rule that holds for
/// them everywhere, and a corruption is one folder.
fn broken_name(row: &Row) -> Option<(String, &'static str)> {
    if row.corruption.contains('/') {
        return Some((row.corruption.clone(), "a corruption's name has no slash"));
    }
    [&row.image, &row.corruption].into_iter().find_map(|name| match ImageId::new(name.as_str()) {
        Err(scribe_dataset::Error::BadId { value, reason }) => Some((value, reason)),
        _ => None,
    })
}

/// How many images have all their rows. Refuses rows that are not those of these images in this order.
pub(crate) fn whole_images(rows: &[Row], settings: &Settings, ids: &[ImageId], path: &Path) -> Result<usize> {
    let expected = ids.iter().flat_map(|id| settings.each_condition().map(move |(c, s)| (id.as_str(), c, s)));
    for (i, (row, wanted)) in rows.iter().zip(expected).enumerate() {
        let found = (row.image.as_str(), row.corruption.as_str(), row.severity);
        if found != wanted {
            let (found, changed) = (format!("{found:?}"), "has the list or the folder of pictures changed?");
            let expected = format!("{wanted:?}: {changed}");
            return Err(Error::ManifestOrder { path: path.to_owned(), line: i + 2, found, expected });
        }
    }
    let most = ids.len() * settings.conditions();
    if rows.len() > most {
        return Err(Error::ManifestLength { path: path.to_owned(), found: rows.len(), most });
    }
    Ok(rows.len() / settings.conditions())
}
