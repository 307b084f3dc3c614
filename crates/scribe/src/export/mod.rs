//! A run's store as tables of plain columns, for pandas, R and spreadsheets.
//!
//! FORMAT.md documents the tables. Numbers are written so that reading them gives the same bits.

mod csv;
#[cfg(feature = "parquet")]
mod parquet;
mod rows;
mod table;

use crate::run_dir::RunDir;
use anyhow::{Context, bail};
use scribe_records::Store;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use table::{Schema, Writer};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Comma-separated text with a first line of names.
    Csv,
    /// Apache Parquet, uncompressed but for its dictionaries.
    Parquet,
}

impl ExportFormat {
    fn extension(self) -> &'static str {
        match self {
            ExportFormat::Csv => "csv",
            ExportFormat::Parquet => "parquet",
        }
    }
}

/// Writes `manifest.json` and every table into `out`, each atomically; gives the files' paths with their numbers of rows.
///
/// # Errors
/// When the run has no store, a file cannot be written, or the program was built without the format.
pub fn export(run: &RunDir, format: ExportFormat, out: &Path) -> anyhow::Result<Vec<(PathBuf, u64)>> {
    let path = run.store();
    if !path.try_exists().with_context(|| path.display().to_string())? {
        bail!("{}: no store; `scribe eval` or `scribe reproduce` makes one", path.display());
    }
    if format == ExportFormat::Parquet && cfg!(not(feature = "parquet")) {
        bail!(
            "this program was built without Parquet: build it with `--features parquet`, or take --format csv"
        );
    }
    let store = Store::open(&path)?;
    std::fs::create_dir_all(out).with_context(|| {
        format!("{}: cannot be made a folder (expected a new or existing one)", out.display())
    })?;
    let manifest = out.join("manifest.json");
    let json = serde_json::to_string_pretty(store.manifest())? + "\n";
    scribe_dataset::write_atomically(&manifest, json.as_bytes())?;
    let mut files = vec![(manifest, 1)];
    for (schema, fill) in rows::ALL {
        let target = out.join(format!("{}.{}", schema.name, format.extension()));
        let target = scribe_dataset::link_target(&target);
        let draft = target.with_file_name(format!(".{}.{}.partial", schema.name, format.extension()));
        let written = write(&store, schema, *fill, format, &draft);
        let placed = written.and_then(|rows| Ok(std::fs::rename(&draft, &target).map(|()| rows)?));
        if placed.is_err() {
            // A full disk gets its room back.
            let _ = std::fs::remove_file(&draft);
        }
        let rows = placed.with_context(|| target.display().to_string())?;
        files.push((target, rows));
    }
    Ok(files)
}

fn write(
    store: &Store,
    schema: &Schema,
    fill: rows::Fill,
    format: ExportFormat,
    draft: &Path,
) -> anyhow::Result<u64> {
    let file = BufWriter::new(File::create(draft)?);
    let mut writer = open(schema, format, file)?;
    let mut counted = Counted { inner: writer.as_mut(), rows: 0 };
    fill(store, &mut counted)?;
    let rows = counted.rows;
    writer.finish()?;
    Ok(rows)
}

fn open(schema: &Schema, format: ExportFormat, file: BufWriter<File>) -> anyhow::Result<Box<dyn Writer>> {
    match format {
        ExportFormat::Csv => Ok(Box::new(csv::CsvWriter::new(schema, file)?)),
        #[cfg(feature = "parquet")]
        ExportFormat::Parquet => Ok(Box::new(parquet::ParquetWriter::new(schema, file)?)),
        #[cfg(not(feature = "parquet"))]
        ExportFormat::Parquet => bail!("this program was built without Parquet"),
    }
}

/// Counts what it passes on.
struct Counted<'a> {
    inner: &'a mut dyn Writer,
    rows: u64,
}

impl Writer for Counted<'_> {
    fn row(&mut self, values: &[table::Value<'_>]) -> anyhow::Result<()> {
        self.rows += 1;
        self.inner.row(values)
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        self.inner.finish()
    }
}

/// Ends a file for good: everything is on its way to the disk, and errors are seen.
fn sync(mut file: BufWriter<File>) -> anyhow::Result<()> {
    file.flush()?;
    Ok(file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?)
}
