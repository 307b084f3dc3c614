//! Label maps: read from PNG files of values or of colours, written as palette PNG files.

use super::raw_labels::{RawLabels, SizeCheck, Stored, decode_labels};
use super::read_whole;
use crate::{Classes, Error, Limits, Result, palette};
use image::GrayImage;
use png::{BitDepth, ColorType};
use scribe_base::atomic_file;
use std::path::Path;

/// Reads a label map: the index of each pixel's class, and [`crate::VOID`] where it does not count.
///
/// Of a palette PNG the indices are read, not the colours; of a grey PNG of at most 16 bits, the values; of an RGB PNG,
/// with or without alpha, which is dropped, the colours. `classes` says what they mean. If it lists only colours, those
/// of a palette are looked up too. The default [`Limits`] apply.
///
/// # Errors
/// [`Error::Read`] when the file cannot be opened, [`Error::TooManyPixels`] when it is larger than allowed,
/// [`Error::Decode`] when it is not such a PNG, [`Error::LabelValue`] or [`Error::LabelColour`] when a pixel has no
/// class.
pub fn read_label(path: &Path, classes: &Classes) -> Result<GrayImage> {
    read_label_with(path, classes, Limits::default())
}

/// Reads a label map as [`read_label`] does, under other limits.
///
/// # Errors
/// Those of [`read_label`].
pub fn read_label_with(path: &Path, classes: &Classes, limits: Limits) -> Result<GrayImage> {
    read_raw_labels(path, &|size, bytes| limits.check(path, size, bytes))?.to_classes(classes, path)
}

/// Reads a label map whose values are its classes: the values of a grey PNG or the indices of a palette PNG of at most
/// 8 bits, as they are stored.
///
/// # Errors
/// [`Error::Read`], [`Error::TooManyPixels`], or [`Error::Decode`] when it is not such a PNG.
pub fn read_label_bytes(path: &Path, limits: Limits) -> Result<GrayImage> {
    let RawLabels { size, stored, .. } =
        read_raw_labels(path, &|size, bytes| limits.check(path, size, bytes))?;
    let refused = |reason| Error::decode(path, "label PNG", reason);
    let Stored::Bytes(values) = stored else {
        return Err(refused(
            "it is not a palette or grey PNG of at most 8 bits (expected labels, not colours)",
        ));
    };
    GrayImage::from_raw(size.0, size.1, values).ok_or_else(|| refused("its size does not fit its pixels"))
}

/// Reads what a label file holds, before it is given a meaning, once `check` has accepted its width and height and the
/// number of its bytes.
pub(crate) fn read_raw_labels(path: &Path, check: &SizeCheck<'_>) -> Result<RawLabels> {
    let bytes = read_whole(path)?;
    decode_labels(&bytes, path, check)
}

/// Writes a label map as a palette PNG with VOC's palette, atomically.
///
/// # Errors
/// [`Error::Write`] when the file cannot be written.
pub fn write_label_png(path: &Path, labels: &GrayImage) -> Result<()> {
    let bytes = encode_indices(labels).map_err(|e| Error::write(path, std::io::Error::other(e)))?;
    Ok(atomic_file::write(path, &bytes)?)
}

fn encode_indices(labels: &GrayImage) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, labels.width(), labels.height());
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette().as_flattened().to_vec());
    let mut writer = encoder.write_header()?;
    writer.write_image_data(labels.as_raw())?;
    writer.finish()?;
    Ok(bytes)
}
