//! Pictures: JPEG or PNG in, PNG out.

use std::fs;
use std::io::{self, Cursor};
use std::path::Path;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, ImageFormat, ImageReader, ImageResult, RgbImage};

use super::write_atomically;
use crate::{Error, Result, jpeg};

/// Reads a JPEG or PNG file as 8-bit RGB; the format is told from its bytes, not from its name.
///
/// A JPEG's pixels are those of libjpeg-turbo, and so Pillow's, to the bit.  Grey pictures get three equal
/// channels; an alpha channel is dropped, not blended (as OpenCV and the reference corruptions do).
///
/// # Errors
/// [`Error::Read`] when the file cannot be opened, [`Error::Decode`] when it is damaged, truncated or of
/// another format.
pub fn read_image(path: &Path) -> Result<RgbImage> {
    let bytes = fs::read(path).map_err(|e| Error::read(path, e))?;
    decode_image(&bytes, path)
}

/// Decodes the bytes of a JPEG or PNG file as [`read_image`] does; `path` is what errors name.
///
/// # Errors
/// [`Error::Decode`] when the bytes are damaged, truncated or of another format.
pub fn decode_image(bytes: &[u8], path: &Path) -> Result<RgbImage> {
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => decode_jpeg(bytes, path),
        Ok(ImageFormat::Png) => decode_with_image(bytes, ImageFormat::Png, "PNG", path),
        _ => Err(Error::decode(path, "JPEG or PNG", "its first bytes are of neither format")),
    }
}

/// Writes a picture as an RGB PNG, atomically.
///
/// # Errors
/// [`Error::Write`] when the file cannot be written.
pub fn write_png(path: &Path, image: &RgbImage) -> Result<()> {
    let bytes =
        encode(image, CompressionType::Default).map_err(|e| Error::write(path, io::Error::other(e)))?;
    write_atomically(path, &bytes)
}

/// The bytes of an RGB PNG, packed ten times faster than [`write_png`] packs and a fifth larger.
///
/// On the 75 corrupted versions of three VOC pictures: 2.8 ms and 352 kB a picture, against 27 ms and 294 kB
/// (not packed at all: 546 kB).
///
/// # Errors
/// [`Error::Write`] naming `path`, for which the bytes are meant, when the picture cannot be encoded.
pub fn encode_png_fast(image: &RgbImage, path: &Path) -> Result<Vec<u8>> {
    encode(image, CompressionType::Fast).map_err(|e| Error::write(path, io::Error::other(e)))
}

fn encode(image: &RgbImage, compression: CompressionType) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let (width, height) = image.dimensions();
    PngEncoder::new_with_quality(&mut bytes, compression, FilterType::Adaptive).write_image(
        image.as_raw(),
        width,
        height,
        ExtendedColorType::Rgb8,
    )?;
    Ok(bytes)
}

fn decode_jpeg(bytes: &[u8], path: &Path) -> Result<RgbImage> {
    jpeg::decode(bytes).map_err(|reason| Error::decode(path, "JPEG", reason))
}

fn decode_with_image(bytes: &[u8], format: ImageFormat, name: &'static str, path: &Path) -> Result<RgbImage> {
    let reader = ImageReader::with_format(Cursor::new(bytes), format);
    let image = reader.decode().map_err(|e| Error::decode(path, name, e.to_string()))?;
    Ok(image.into_rgb8())
}
