//! The zip form, which PyTorch writes since 1.6: one pickle, and one record for each storage.

use super::cursor::Cursor;
use super::error::{PthError, Result};
use std::io::Cursor as Seekable;
use zip::{CompressionMethod, ZipArchive};

/// A zip file in memory.
pub(in crate::weights) struct Archive<'a> {
    bytes: &'a [u8],
    zip: ZipArchive<Seekable<&'a [u8]>>,
    /// The folder inside that holds the pickle, with its slash; empty before [`Archive::pickle`].
    folder: String,
    /// Bytes of records read so far. The records of a sound file do not overlap.
    read: usize,
}

impl<'a> Archive<'a> {
    /// Reads the directory of the file.
    ///
    /// # Errors
    /// [`PthError::Directory`] when the file is cut or damaged.
    pub(in crate::weights) fn open(bytes: &'a [u8]) -> Result<Archive<'a>> {
        let zip = ZipArchive::new(Seekable::new(bytes));
        let zip = zip.map_err(|error| PthError::Directory { reason: error.to_string() })?;
        Ok(Archive { bytes, zip, folder: String::new(), read: 0 })
    }

    /// The records' names, in the directory's order.
    pub(in crate::weights) fn names(&self) -> Vec<String> {
        let names = self.zip.file_names_raw();
        names.map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }

    /// Whether PyTorch wrote it.
    pub(in crate::weights) fn has_pickle(&self) -> bool {
        self.names().iter().any(|name| is_pickle(name))
    }

    /// Whether it is a compiled program (TorchScript), which holds a state dict in another form.
    pub(super) fn is_script(&self) -> bool {
        self.names().iter().any(|name| name.ends_with("/constants.pkl"))
    }

    /// The pickle's bytes.
    pub(super) fn pickle(&mut self) -> Result<&'a [u8]> {
        let name = self.names().into_iter().find(|name| is_pickle(name));
        let name = name.ok_or_else(|| refused("data.pkl", "not in the archive".into()))?;
        self.folder = name.trim_end_matches("data.pkl").to_string();
        let order = format!("{}byteorder", self.folder);
        if self.zip.index_for_name(&order).is_some() && self.record(&order)? == b"big" {
            return Err(PthError::BigEndian);
        }
        self.record(&name)
    }

    /// The bytes of a storage, which must be as many as declared.
    pub(super) fn storage(&mut self, key: &[u8], expected: u64) -> Result<&'a [u8]> {
        let key = String::from_utf8_lossy(key);
        let bytes = self.record(&format!("{}data/{key}", self.folder))?;
        if bytes.len() as u64 != expected {
            let (storage, found) = (key.into_owned(), bytes.len() as u64);
            return Err(PthError::Storage { storage, found, expected });
        }
        Ok(bytes)
    }

    /// The bytes of a record, which PyTorch never compresses. Its checksum is compared.
    fn record(&mut self, name: &str) -> Result<&'a [u8]> {
        let at = self.zip.index_for_name(name).ok_or_else(|| refused(name, "not in the archive".into()))?;
        let damaged = |reason: String| refused(name, format!("damaged ({reason}); fetch the file again"));
        let mut record = self.zip.by_index(at).map_err(|error| damaged(error.to_string()))?;
        let (start, packed, size) = (record.data_start(), record.compressed_size(), record.size());
        if record.compression() != CompressionMethod::Stored || packed != size {
            let cure = "compressed, as PyTorch never writes it; unpack the archive and pack it with `zip -0`";
            return Err(refused(name, cure.into()));
        }
        let start = start.and_then(|start| usize::try_from(start).ok());
        let rest = start.and_then(|start| self.bytes.get(start..));
        let mut cursor = Cursor::new(rest.ok_or_else(|| damaged("it is outside of the file".into()))?);
        let bytes = cursor.take(usize::try_from(size).unwrap_or(usize::MAX))?;
        self.read = self.read.saturating_add(bytes.len());
        if self.read > self.bytes.len() {
            return Err(damaged("records overlap".into()));
        }
        // Reading to the end compares the checksum.
        std::io::copy(&mut record, &mut std::io::sink()).map_err(|error| damaged(error.to_string()))?;
        Ok(bytes)
    }
}

fn is_pickle(name: &str) -> bool {
    name == "data.pkl" || name.ends_with("/data.pkl")
}

fn refused(record: &str, reason: String) -> PthError {
    PthError::Record { record: record.to_string(), reason }
}
