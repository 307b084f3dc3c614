//! One picture under every condition, clean first: decoded once, corrupted, hashed, packed, written.

use super::manifest::Row;
use super::times::{Times, timed};
use super::{CorruptSet, settings};
use anyhow::Context;
use image::RgbImage;
use scribe_dataset::{ImageId, encode_png_fast, write_atomically};
use sha2::{Digest, Sha256};
use std::path::Path;

/// Makes pictures, on any thread and in any order.
pub(super) struct Maker<'a> {
    pub set: &'a CorruptSet<'a>,
    pub out: &'a Path,
}

impl Maker<'_> {
    /// Writes one picture's files; returns their rows in the settings' order.
    pub fn make(&self, id: &ImageId) -> anyhow::Result<(Vec<Row>, Times)> {
        let mut times = Times::default();
        let mut rows = Vec::new();
        self.each(id, &mut times, |row, bytes, times| {
            let path = self.out.join(settings::file(&row.corruption, row.severity, id.as_str()));
            timed(&mut times.write, || write_atomically(&path, bytes))?;
            rows.push(row);
            Ok(())
        })?;
        Ok((rows, times))
    }

    /// Bytes of one picture's files, which are not written.
    pub fn measure(&self, id: &ImageId) -> anyhow::Result<u64> {
        let mut bytes = 0;
        self.each(id, &mut Times::default(), |row, _, _| {
            bytes += row.file_bytes;
            Ok(())
        })?;
        Ok(bytes)
    }

    /// SHA-256 of the picture at its view before any corruption, from the file that lies in the data folder now.
    pub fn source_sha256(&self, id: &ImageId) -> anyhow::Result<String> {
        Ok(sha256(&self.clean(id)?))
    }

    fn clean(&self, id: &ImageId) -> anyhow::Result<RgbImage> {
        let picture = self.set.split.load_picture(id).with_context(|| format!("image {id}"))?;
        Ok(self.set.shown.view.apply_picture(&picture))
    }

    fn each(
        &self,
        id: &ImageId,
        times: &mut Times,
        mut take: impl FnMut(Row, &[u8], &mut Times) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let shown = self.set.shown;
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
        for name in &shown.corruptions {
            for &severity in &shown.severities {
                corrupted.copy_from_slice(&clean);
                let (master, id) = (shown.master_seed, id.as_str());
                let apply = || shown.suite.apply(&mut corrupted, name, severity, master, id);
                let seed = timed(&mut times.corrupt, apply)
                    .with_context(|| format!("image {id}, {name}:{severity}"))?;
                let hash = timed(&mut times.hash, || sha256(&corrupted));
                self.pack(row(name, severity.get(), seed, hash), &corrupted, times, &mut take)?;
            }
        }
        Ok(())
    }

    /// Packs one picture as PNG and hands it on with its row.
    fn pack(
        &self,
        row: Row,
        picture: &RgbImage,
        times: &mut Times,
        take: &mut impl FnMut(Row, &[u8], &mut Times) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let place = settings::file(&row.corruption, row.severity, &row.image);
        let bytes = timed(&mut times.encode, || encode_png_fast(picture, &place))?;
        take(Row { file_bytes: bytes.len() as u64, ..row }, &bytes, times)
    }
}

/// SHA-256 of a picture's RGB bytes, in hexadecimal.
pub(super) fn sha256(picture: &RgbImage) -> String {
    Sha256::digest(picture.as_raw()).iter().map(|byte| format!("{byte:02x}")).collect()
}
