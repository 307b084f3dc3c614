//! One picture under every condition: decoded once, corrupted, hashed, packed, written.

use super::manifest::Row;
use super::times::{Times, timed};
use super::{CorruptSet, settings};
use anyhow::Context;
use image::RgbImage;
use scribe_corruptions::{Rng, Severity, seed_for};
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

    fn each(
        &self,
        id: &ImageId,
        times: &mut Times,
        mut take: impl FnMut(Row, &[u8], &mut Times) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let sample = timed(&mut times.decode, || {
            Ok::<_, scribe_dataset::Error>(self.set.view.apply(self.set.split.load(id)?))
        })
        .with_context(|| format!("image {id}"))?;
        let source = timed(&mut times.hash, || sha256(&sample.image));
        let mut corrupted = sample.image.clone();
        for name in &self.set.corruptions {
            for &severity in &self.set.severities {
                let seed = seed_for(self.set.master_seed, id.as_str(), name, severity);
                corrupted.copy_from_slice(&sample.image);
                timed(&mut times.corrupt, || self.corrupt(&mut corrupted, name, severity, seed))
                    .with_context(|| format!("image {id}, {name}:{severity}"))?;
                let hash = timed(&mut times.hash, || sha256(&corrupted));
                let place = settings::file(name, severity.get(), id.as_str());
                let bytes = timed(&mut times.encode, || encode_png_fast(&corrupted, &place))?;
                let row = Row {
                    image: id.to_string(),
                    corruption: name.clone(),
                    severity: severity.get(),
                    seed,
                    width: corrupted.width(),
                    height: corrupted.height(),
                    sha256: hash,
                    source_sha256: source.clone(),
                    file_bytes: bytes.len() as u64,
                };
                take(row, &bytes, times)?;
            }
        }
        Ok(())
    }

    fn corrupt(
        &self,
        picture: &mut RgbImage,
        name: &str,
        severity: Severity,
        seed: u32,
    ) -> scribe_corruptions::Result<()> {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let corruption = self.set.suite.get(name)?;
        corruption.apply_in_place(picture, width, height, severity, &mut Rng::seed(seed))
    }
}

/// SHA-256 of a picture's RGB bytes, in hexadecimal.
pub(super) fn sha256(picture: &RgbImage) -> String {
    Sha256::digest(picture.as_raw()).iter().map(|byte| format!("{byte:02x}")).collect()
}
