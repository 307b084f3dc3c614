//! One image under every condition, clean first: decoded once, corrupted, hashed, packed and written.

use crate::given::GivenPictures;
use crate::hash::sha256;
use crate::manifest::Row;
use crate::protocol::Protocol;
use crate::set::CorruptSet;
use crate::times::{Times, timed};
use crate::{Error, Result, settings};
use scribe_base::atomic_file;
use scribe_corruptions::Severity;
use scribe_dataset::image::RgbImage;
use scribe_dataset::{CorruptionPlace, ImageId, Split, encode_png_fast};
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
        Ok(self.set.protocol.view.apply_picture(&self.native(id)?))
    }

    /// The image at the size of its file.
    fn native(&self, id: &ImageId) -> Result<RgbImage> {
        self.picture(self.set.split, id)
    }

    fn picture(&self, split: &dyn Split, id: &ImageId) -> Result<RgbImage> {
        let view = self.set.protocol.view;
        let fits = |image: RgbImage| view.check(image.dimensions()).map(|()| image);
        split
            .load_picture(id)
            .and_then(fits)
            .map_err(|source| Error::Image { id: id.clone(), source: Box::new(source) })
    }

    fn each(
        &self,
        id: &ImageId,
        times: &mut Times,
        mut take: impl FnMut(Row, &[u8], &mut Times) -> Result<()>,
    ) -> Result<()> {
        let protocol = &self.set.protocol;
        let native = timed(&mut times.decode, || self.native(id))?;
        let clean = timed(&mut times.decode, || protocol.view.apply_picture(&native));
        let after = protocol.corruption_place == CorruptionPlace::AfterView;
        let to_corrupt = if after { &clean } else { &native };
        let source = timed(&mut times.hash, || sha256(&clean));
        let row = |condition, picture: &_, sha256| row(id, condition, picture, sha256, &source);
        self.pack(row((settings::CLEAN, 0, 0), &clean, source.clone()), &clean, times, &mut take)?;
        for name in protocol.corruptions {
            for &severity in protocol.severities {
                let make = || self.corrupt(id, to_corrupt, name, severity);
                let (corrupted, seed) = timed(&mut times.corrupt, make)?;
                let hash = timed(&mut times.hash, || sha256(&corrupted));
                let row = row((name, severity.get(), seed), &corrupted, hash);
                self.pack(row, &corrupted, times, &mut take)?;
            }
        }
        for given in self.set.given {
            let (name, severity) = &given.condition;
            let shown = timed(&mut times.decode, || self.given(given, id))?;
            let hash = timed(&mut times.hash, || sha256(&shown));
            self.pack(row((name, *severity, 0), &shown, hash), &shown, times, &mut take)?;
        }
        Ok(())
    }

    /// The image under a condition whose pictures are given, at the view.
    fn given(&self, given: &GivenPictures<'_>, id: &ImageId) -> Result<RgbImage> {
        Ok(self.set.protocol.view.apply_picture(&self.picture(given.split, id)?))
    }

    /// The image under one condition, and the seed.
    fn corrupt(
        &self,
        id: &ImageId,
        image: &RgbImage,
        name: &str,
        severity: Severity,
    ) -> Result<(RgbImage, u32)> {
        let Protocol { suite, master_seed, view, corruption_place, .. } = self.set.protocol;
        let apply = |image: &mut RgbImage| suite.apply(image, name, severity, master_seed, id.as_str());
        corruption_place.corrupted(view, image, apply).map_err(|source| Error::Corrupt {
            id: id.clone(),
            corruption: name.to_owned(),
            severity: severity.get(),
            source: Box::new(source),
        })
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

/// The row of one image under a condition (corruption, severity, seed); the size of its file is known once it is packed.
fn row(
    id: &ImageId,
    (corruption, severity, seed): (&str, u8, u32),
    picture: &RgbImage,
    sha256: String,
    source_sha256: &str,
) -> Row {
    Row {
        image: id.to_string(),
        corruption: corruption.to_owned(),
        severity,
        seed,
        width: picture.width(),
        height: picture.height(),
        sha256,
        source_sha256: source_sha256.to_owned(),
        file_bytes: 0,
    }
}
