//! One image under every condition, clean first: decoded once, corrupted, hashed, packed and written.

use crate::hash::sha256;
use crate::manifest::Row;
use crate::set::CorruptSet;
use crate::times::{Times, timed};
use crate::{Error, Result, settings};
use scribe_base::atomic_file;
use scribe_dataset::image::RgbImage;
use scribe_dataset::{ImageId, encode_png_fast};
use std::path::Path;

/// Makes images, on any thread and in any order.
pub(crate) struct Maker<'a> {
    pub(crate) set: &'a CorruptSet<'a>,
    pub(crate) out: &'a Path,
}

impl Maker<'_> {
    /// Writes one image's files; returns their rows in the settings' order.
    pub(crate) fn make(&self, id: &ImageId) -> Result<(Vec<Row>, Times)> {
        let mut times = Times::default();
        let mut rows = Vec::new();
        self.each(id, &mut times, |row, bytes, times| {
            let path = self.out.join(settings::file(&row.corruption, row.severity, id.as_str()));
            timed(&mut times.write, || atomic_file::write(&path, bytes))?;
            rows.push(row);
            Ok(())
        })?;
        Ok((rows, times))
    }

    /// Bytes of one image's files, which are not written.
    pub(crate) fn measure(&self, id: &ImageId) -> Result<u64> {
        let mut bytes = 0;
        self.each(id, &mut Times::default(), |row, _, _| {
            bytes += row.file_bytes;
            Ok(())
        })?;
        Ok(bytes)
    }

    /// SHA-256 of the image at its view before any corruption, from the file that is in the data folder now.
    pub(crate) fn source_sha256(&self, id: &ImageId) -> Result<String> {
        Ok(sha256(&self.clean(id)?))
    }

    fn clean(&self, id: &ImageId) -> Result<RgbImage> {
        let loaded = self.set.split.load_picture(id);
        let image = loaded.map_err(|source| Error::Image { id: id.clone(), source: Box::new(source) })?;
        Ok(self.set.protocol.view.apply_picture(&image))
    }

    fn each(
        &self,
        id: &ImageId,
        times: &mut Times,
        mut take: impl FnMut(Row, &[u8], &mut Times) -> Result<()>,
    ) -> Result<()> {
        let protocol = &self.set.protocol;
        let clean = timed(&mut times.decode, || self.clean(id))?;
        let source = timed(&mut times.hash, || sha256(&clean));
        let row = |corruption: &str, severity, seed, sha256| Row {
            image: id.to_string(),
            corruption: corruption.to_owned(),
            severity,
            seed,
            width: clean.width(),
            height: clean.height(),
            sha256,
            source_sha256: source.clone(),
            file_bytes: 0,
        };
        self.pack(row(settings::CLEAN, 0, 0, source.clone()), &clean, times, &mut take)?;
        let mut corrupted = clean.clone();
        for name in protocol.corruptions {
            for &severity in protocol.severities {
                corrupted.copy_from_slice(&clean);
                let (suite, master) = (protocol.suite, protocol.master_seed);
                let apply = || suite.apply(&mut corrupted, name, severity, master, id.as_str());
                let seed = timed(&mut times.corrupt, apply).map_err(|source| Error::Corrupt {
                    id: id.clone(),
                    corruption: name.clone(),
                    severity: severity.get(),
                    source: Box::new(source),
                })?;
                let hash = timed(&mut times.hash, || sha256(&corrupted));
                self.pack(row(name, severity.get(), seed, hash), &corrupted, times, &mut take)?;
            }
        }
        Ok(())
    }

    /// Packs one image as PNG and passes it on with its row.
    fn pack(
        &self,
        row: Row,
        picture: &RgbImage,
        times: &mut Times,
        take: &mut impl FnMut(Row, &[u8], &mut Times) -> Result<()>,
    ) -> Result<()> {
        let place = settings::file(&row.corruption, row.severity, &row.image);
        let encoded = timed(&mut times.encode, || encode_png_fast(picture, &place));
        let bytes = encoded.map_err(|source| Error::Encode(Box::new(source)))?;
        take(Row { file_bytes: bytes.len() as u64, ..row }, &bytes, times)
    }
}
