//! PNG pictures.

use super::limits::zeroed;
use crate::{Error, Limits, Result};
use image::RgbImage;
use png::{BitDepth, ColorType, Transformations};
use std::io::Cursor;
use std::path::Path;

/// DEFLATE compresses at most 1,032 to 1, so a file that claims more pixels is damaged. The factor is
/// rounded up, so that no sound file is refused.
const MOST_PACKED: u64 = 1100;

/// Decodes a PNG file to RGB, as Pillow's `convert("RGB")` does except for 16-bit grey.
///
/// Palettes become their colours, grey becomes three equal channels, values of 1, 2 and 4 bits are spread over 0 to
/// 255, and alpha is dropped. Of 16-bit values the high byte is taken (Pillow clips
/// those of grey pictures to 255).
pub(super) fn decode_png(bytes: &[u8], path: &Path, limits: Limits) -> Result<RgbImage> {
    let refused = |reason: String| Error::decode(path, "PNG", reason);
    let mut decoder = decoder(bytes);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(|e| refused(e.to_string()))?;
    let (width, height) = reader.info().size();
    limits.check(path, (width, height), bytes.len())?;
    check_packing(reader.info(), bytes).map_err(refused)?;
    check_palette(reader.info()).map_err(refused)?;
    let size = reader.output_buffer_size().ok_or_else(|| refused("it is too large".to_owned()))?;
    let mut values = zeroed(size).map_err(refused)?;
    let info = reader.next_frame(&mut values).map_err(|e| refused(e.to_string()))?;
    debug_assert_eq!(info.bit_depth, BitDepth::Eight, "EXPAND and STRIP_16 leave bytes");
    let pixels = match info.color_type {
        ColorType::Rgb => values,
        ColorType::Rgba => without_alpha(&values),
        ColorType::Grayscale => values.iter().flat_map(|&grey| [grey; 3]).collect(),
        ColorType::GrayscaleAlpha => values.chunks_exact(2).flat_map(|pair| [pair[0]; 3]).collect(),
        ColorType::Indexed => return Err(refused("it has a palette type without a palette".to_owned())),
    };
    RgbImage::from_raw(width, height, pixels)
        .ok_or_else(|| refused("its size does not fit its pixels".to_owned()))
}

/// A decoder that does not decompress colour profiles and texts, which may expand to gigabytes.
pub(super) fn decoder(bytes: &[u8]) -> png::Decoder<Cursor<&[u8]>> {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_ignore_text_chunk(true);
    decoder
}

/// Fails when a file cannot hold as many pixels as it claims, before memory is taken for them.
pub(super) fn check_packing(info: &png::Info<'_>, bytes: &[u8]) -> Result<(), String> {
    let claimed = info.raw_row_length() as u64 * u64::from(info.height);
    if claimed <= MOST_PACKED * bytes.len() as u64 {
        return Ok(());
    }
    let (width, height) = info.size();
    Err(format!("it is truncated: {} bytes cannot hold {width}x{height} pixels", bytes.len()))
}

/// Fails for a palette that is none, on which the decoder would panic.
fn check_palette(info: &png::Info<'_>) -> Result<(), String> {
    let Some(palette) = info.palette.as_ref().filter(|_| info.color_type == ColorType::Indexed) else {
        return Ok(());
    };
    if !palette.len().is_multiple_of(3) || !(3..=768).contains(&palette.len()) {
        return Err(format!(
            "its palette has {} bytes (expected 3 for each of 1 to 256 colours)",
            palette.len()
        ));
    }
    let (colours, alpha) = (palette.len() / 3, info.trns.as_ref().map_or(0, |alpha| alpha.len()));
    if alpha > colours {
        return Err(format!(
            "it has {alpha} transparencies for {colours} colours (expected one for each at most)"
        ));
    }
    Ok(())
}

fn without_alpha(values: &[u8]) -> Vec<u8> {
    values.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}
