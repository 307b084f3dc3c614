//! What a label file holds, and which classes it means.

use super::limits::zeroed;
use super::png_picture::{check_packing, decoder};
use crate::classes::Table;
use crate::{Classes, Error, Result};
use image::{GrayImage, ImageFormat};
use png::{BitDepth, ColorType, Transformations};
use std::path::Path;

/// What a label file holds at each pixel, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stored {
    /// Grey values or indices of a palette of at most 8 bits.
    Bytes(Vec<u8>),
    /// Grey values of 16 bits.
    Words(Vec<u16>),
    /// Colours: red, green and blue of each pixel.
    Colours(Vec<[u8; 3]>),
}

/// Accepts the width and the height that a file of so many bytes claims, or refuses them.
pub(crate) type SizeCheck<'a> = dyn Fn((u32, u32), usize) -> Result<()> + 'a;

/// A label file as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawLabels {
    /// Width and height in pixels.
    pub(crate) size: (u32, u32),
    /// What it holds.
    pub(crate) stored: Stored,
    /// The colours of its palette, where it has one.
    pub(crate) palette: Option<Vec<[u8; 3]>>,
}

impl RawLabels {
    /// A label map of bytes without a palette.
    pub(crate) fn of_bytes(size: (u32, u32), values: Vec<u8>) -> RawLabels {
        RawLabels { size, stored: Stored::Bytes(values), palette: None }
    }

    /// The classes that the file means; errors name `path`.
    pub(crate) fn to_classes(&self, classes: &Classes, path: &Path) -> Result<GrayImage> {
        let indices = self.indices(classes, path)?;
        if let Some(first) = indices.iter().position(|&index| index == Table::UNLISTED) {
            let pixels = indices.iter().filter(|&&index| index == Table::UNLISTED).count() as u64;
            return Err(self.unlisted(classes, path, first, pixels));
        }
        let (width, height) = self.size;
        GrayImage::from_raw(width, height, indices)
            .ok_or_else(|| Error::decode(path, "label PNG", "its size does not fit its pixels"))
    }

    /// The index of each pixel's class, [`crate::VOID`] or [`Table::UNLISTED`].
    pub(crate) fn indices(&self, classes: &Classes, path: &Path) -> Result<Vec<u8>> {
        let table = classes.table();
        Ok(match (&self.stored, &self.palette) {
            (Stored::Colours(_), _) if !classes.has_colours() => return Err(not_colours(classes, path)),
            (Stored::Colours(colours), _) => of_colours(colours, table),
            (Stored::Bytes(values), Some(palette)) if !classes.has_values() => {
                let shown = |&value: &u8| palette.get(usize::from(value)).copied();
                let of = |value| shown(value).map_or(Table::UNLISTED, |colour| table.of_colour(colour));
                values.iter().map(of).collect()
            }
            (Stored::Bytes(values), _) => {
                let of_byte: Vec<u8> = (0..=255).map(|value| table.of_value(value)).collect();
                values.iter().map(|&value| of_byte[usize::from(value)]).collect()
            }
            (Stored::Words(values), _) => values.iter().map(|&value| table.of_value(value)).collect(),
        })
    }

    /// The error of the pixel `first`, which has no class, as `pixels` in all.
    fn unlisted(&self, classes: &Classes, path: &Path, first: usize, pixels: u64) -> Error {
        let width = self.size.0 as usize;
        let (x, y) = ((first % width) as u32, (first / width) as u32);
        let (path, set) = (path.to_owned(), classes.name().to_owned());
        let value = match &self.stored {
            Stored::Colours(colours) => {
                return Error::LabelColour { path, colour: crate::Colour(colours[first]), x, y, pixels, set };
            }
            Stored::Bytes(values) => u16::from(values[first]),
            Stored::Words(values) => values[first],
        };
        Error::LabelValue { path, value, x, y, pixels, expected: classes.expected_values(), set }
    }
}

/// Looks up each colour; neighbours mostly have the same.
fn of_colours(colours: &[[u8; 3]], table: &Table) -> Vec<u8> {
    let mut last = colours.first().map(|&colour| (colour, table.of_colour(colour)));
    let mut of = |&colour: &[u8; 3]| match last {
        Some((known, index)) if known == colour => index,
        _ => {
            let index = table.of_colour(colour);
            last = Some((colour, index));
            index
        }
    };
    colours.iter().map(&mut of).collect()
}

fn not_colours(classes: &Classes, path: &Path) -> Error {
    let reason = format!(
        "its colour type is RGB (expected palette or grey: the classes of `{}` list values, not colours; where the \
         labels are saved as colours, a classes file says which: `colours = [...]`)",
        classes.name()
    );
    Error::decode(path, "label PNG", reason)
}

/// Decodes a label file once `check` has accepted its width and height and the number of its bytes.
pub(super) fn decode_labels(bytes: &[u8], path: &Path, check: &SizeCheck<'_>) -> Result<RawLabels> {
    let refused = |reason: String| Error::decode(path, "label PNG", reason);
    check_start(bytes).map_err(refused)?;
    let mut decoder = decoder(bytes);
    decoder.set_transformations(Transformations::IDENTITY);
    // Before the decoder's own limit, which is of memory.
    check(decoder.read_header_info().map_err(|e| refused(e.to_string()))?.size(), bytes.len())?;
    let mut reader = decoder.read_info().map_err(|e| refused(e.to_string()))?;
    let (color, depth) = (reader.info().color_type, reader.info().bit_depth);
    let (width, height) = reader.info().size();
    check_kind(color, depth).map_err(refused)?;
    check_packing(reader.info(), bytes).map_err(refused)?;
    let palette = reader.info().palette.as_ref();
    let palette = palette.map(|p| p.chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect());
    let size = reader.output_buffer_size().ok_or_else(|| refused("it is too large".to_owned()))?;
    let mut packed = zeroed(size).map_err(refused)?;
    let info = reader.next_frame(&mut packed).map_err(|e| refused(e.to_string()))?;
    let stored = match (color, depth) {
        (ColorType::Rgb, _) => Stored::Colours(packed.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect()),
        (ColorType::Rgba, _) => Stored::Colours(packed.chunks_exact(4).map(|p| [p[0], p[1], p[2]]).collect()),
        (_, BitDepth::Sixteen) => {
            Stored::Words(packed.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect())
        }
        _ => Stored::Bytes(unpack(&packed, info.line_size, width as usize, height as usize, depth as usize)),
    };
    Ok(RawLabels { size: (width, height), stored, palette })
}

/// Refuses an empty file, and one of another format, which it names where it is known.
fn check_start(bytes: &[u8]) -> Result<(), String> {
    match image::guess_format(bytes) {
        _ if bytes.is_empty() => Err("the file is empty".to_owned()),
        Ok(ImageFormat::Png) => Ok(()),
        Ok(ImageFormat::Jpeg) => {
            Err("it is a JPEG file, which does not keep values exactly (expected a PNG file; \
                                      JPEG's loss changes labels, so save them again from their source)"
                .to_owned())
        }
        _ => Err("its first bytes are not those of a PNG file".to_owned()),
    }
}

/// Refuses PNG files whose pixels cannot be labels.
fn check_kind(color: ColorType, depth: BitDepth) -> Result<(), String> {
    match (color, depth) {
        (ColorType::GrayscaleAlpha, _) => {
            Err("its colour type is grey with alpha (expected palette, grey or RGB)".to_owned())
        }
        (ColorType::Rgb | ColorType::Rgba, BitDepth::Sixteen) => {
            Err("its colours have 16 bits (expected 8)".to_owned())
        }
        _ => Ok(()),
    }
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
