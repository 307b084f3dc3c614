//! Label maps: read from palette or grey PNG files, written as palette PNG files.

use super::limits::zeroed;
use super::png_picture::{check_packing, decoder};
use crate::{CLASSES, Error, Limits, Result, VOID, palette};
use image::GrayImage;
use png::{BitDepth, ColorType, Transformations};
use scribe_base::atomic_file;
use std::fs;
use std::path::Path;

/// Reads a label map: the palette's indices, not its colours; a grey PNG's values are taken as labels too.
///
/// The default [`Limits`] apply.
///
/// # Errors
/// [`Error::Read`] when the file cannot be opened, [`Error::TooManyPixels`] when it is larger than allowed,
/// [`Error::Decode`] when it is not a palette or grey PNG of at most 8 bits, [`Error::LabelValue`] when a pixel is
/// neither 0 to 20 nor 255.
pub fn read_label(path: &Path) -> Result<GrayImage> {
    read_label_with(path, Limits::default())
}

/// Reads a label map as [`read_label`] does, under other limits.
///
/// # Errors
/// Those of [`read_label`].
pub fn read_label_with(path: &Path, limits: Limits) -> Result<GrayImage> {
    read_label_checked(path, &|size| limits.check(path, size))
}

/// Reads a label map once `check` has accepted its width and height, before memory is allocated for its pixels.
pub(crate) fn read_label_checked(path: &Path, check: &dyn Fn((u32, u32)) -> Result<()>) -> Result<GrayImage> {
    let bytes = fs::read(path).map_err(|e| Error::read(path, e))?;
    let labels = decode_indices(&bytes, path, check)?;
    check_values(path, &labels)?;
    Ok(labels)
}

/// Writes a label map as a palette PNG with VOC's palette, atomically.
///
/// # Errors
/// [`Error::Write`] when the file cannot be written.
pub fn write_label_png(path: &Path, labels: &GrayImage) -> Result<()> {
    let bytes = encode_indices(labels).map_err(|e| Error::write(path, std::io::Error::other(e)))?;
    Ok(atomic_file::write(path, &bytes)?)
}

/// Refuses values that are neither a class nor void.
pub(crate) fn check_values(path: &Path, labels: &GrayImage) -> Result<()> {
    let bad = labels.as_raw().iter().position(|&v| usize::from(v) >= CLASSES && v != VOID);
    match bad {
        None => Ok(()),
        Some(at) => {
            let width = labels.width() as usize;
            let (x, y) = ((at % width) as u32, (at / width) as u32);
            Err(Error::LabelValue { path: path.to_owned(), value: labels.as_raw()[at], x, y })
        }
    }
}

fn decode_indices(bytes: &[u8], path: &Path, check: &dyn Fn((u32, u32)) -> Result<()>) -> Result<GrayImage> {
    let refused = |reason: String| Error::decode(path, "label PNG", reason);
    let mut decoder = decoder(bytes);
    decoder.set_transformations(Transformations::IDENTITY);
    let mut reader = decoder.read_info().map_err(|e| refused(e.to_string()))?;
    let (color, depth) = (reader.info().color_type, reader.info().bit_depth);
    let (width, height) = reader.info().size();
    check_kind(color, depth).map_err(refused)?;
    check((width, height))?;
    check_packing(reader.info(), bytes).map_err(refused)?;
    let size = reader.output_buffer_size().ok_or_else(|| refused("it is too large".to_owned()))?;
    let mut packed = zeroed(size).map_err(refused)?;
    let info = reader.next_frame(&mut packed).map_err(|e| refused(e.to_string()))?;
    let labels = unpack(&packed, info.line_size, width as usize, height as usize, depth as usize);
    let fits = GrayImage::from_raw(width, height, labels);
    fits.ok_or_else(|| refused("its size does not fit its pixels".to_owned()))
}

/// Refuses PNG files whose values cannot be labels.
fn check_kind(color: ColorType, depth: BitDepth) -> Result<(), String> {
    let name = match color {
        ColorType::Rgb => "RGB",
        ColorType::Rgba => "RGB with alpha",
        ColorType::GrayscaleAlpha => "grey with alpha",
        ColorType::Indexed | ColorType::Grayscale if depth == BitDepth::Sixteen => {
            return Err("it has 16 bits per pixel (expected at most 8)".to_owned());
        }
        ColorType::Indexed | ColorType::Grayscale => return Ok(()),
    };
    Err(format!("its colour type is {name} (expected palette or grey: labels, not colours)"))
}

/// Spreads pixels of 1, 2, 4 or 8 bits, high bits first, to one byte each.
fn unpack(packed: &[u8], line: usize, width: usize, height: usize, bits: usize) -> Vec<u8> {
    let mask = ((1_u16 << bits) - 1) as u8;
    let mut labels = Vec::with_capacity(width * height);
    for row in packed.chunks_exact(line).take(height) {
        labels.extend((0..width).map(|x| {
            let bit = x * bits;
            (row[bit / 8] >> (8 - bits - bit % 8)) & mask
        }));
    }
    labels
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpacks_each_depth() {
        assert_eq!(unpack(&[0b1010_0000, 0], 1, 3, 1, 1), [1, 0, 1]);
        assert_eq!(unpack(&[0b11_10_01_00, 0b10_00_00_00], 2, 5, 1, 2), [3, 2, 1, 0, 2]);
        assert_eq!(unpack(&[0x5a, 0xf0, 0x12, 0x30], 2, 3, 2, 4), [5, 10, 15, 1, 2, 3]);
        assert_eq!(unpack(&[7, 255], 2, 2, 1, 8), [7, 255]);
    }
}
