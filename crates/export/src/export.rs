//! Writes every table of a store into a folder.

use crate::csv::CsvWriter;
use crate::table::{Schema, Table, Writer};
use crate::{Error, Result, rows};
use scribe_base::atomic_file::{self, Draft};
use scribe_records::Store;
use std::path::{Path, PathBuf};

/// How tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated text with a first line of column names.
    Csv,
    /// Apache Parquet, uncompressed but for its dictionaries; needs the feature `parquet`.
    Parquet,
}

impl Format {
    /// The format's name, which is also the extension of its files.
    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
        }
    }
}

/// One file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// Its rows; 1 for the manifest.
    pub rows: u64,
}

/// Writes `manifest.json` and every table of `store` into `folder`, which is made if it is not there; each file appears
/// whole or not at all.
///
/// # Errors
/// [`Error::WithoutParquet`] before anything is written; otherwise the store cannot be read or a file cannot be written.
pub fn export(store: &Store, format: Format, folder: &Path) -> Result<Vec<Written>> {
    if format == Format::Parquet && cfg!(not(feature = "parquet")) {
        return Err(Error::WithoutParquet);
    }
    std::fs::create_dir_all(folder).map_err(|source| Error::Folder { path: folder.to_owned(), source })?;
    // What a killed export left half-written.
    let file_of = |schema: &Schema| format!("{}.{}", schema.name, format.name());
    atomic_file::sweep(folder, |name| {
        name == "manifest.json" || rows::ALL.iter().any(|(schema, _)| file_of(schema) == name)
    });
    let manifest = folder.join("manifest.json");
    atomic_file::write(&manifest, (store.manifest().to_json() + "\n").as_bytes())?;
    let mut files = vec![Written { path: manifest, rows: 1 }];
    for (schema, fill) in rows::ALL {
        let path = folder.join(file_of(schema));
        // Where the path is a link, the file that it points to is replaced and named.
        let path = atomic_file::link_target(&path);
        let mut table = Table::new(open(schema, format, &path)?);
        fill(store, &mut table)?;
        let rows = table.finish()?;
        files.push(Written { path, rows });
    }
    Ok(files)
}

fn open(schema: &Schema, format: Format, path: &Path) -> Result<Box<dyn Writer>> {
    let file = Draft::create(path)?;
    match format {
        Format::Csv => Ok(Box::new(CsvWriter::new(schema, path, file)?)),
        #[cfg(feature = "parquet")]
        Format::Parquet => Ok(Box::new(crate::parquet::ParquetWriter::new(schema, path, file)?)),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => Err(Error::WithoutParquet),
    }
}
