//! SVG to PNG, with a font of our own so that every machine gives the same picture; and PNG label maps to colour.

use super::palette::void_colour;
use super::xml::Drawing;
use crate::error::{Error, Result};
use image::{ImageFormat, RgbImage};
use resvg::{tiny_skia, usvg};
use std::io::Cursor;
use std::sync::Arc;

/// Rasterises an SVG at `scale` pixels per unit.
///
/// # Errors
/// The SVG is not well formed, or its size is zero.
pub(crate) fn rasterise(svg: &Drawing, scale: f32) -> Result<Vec<u8>> {
    let fail = |reason: String| Error::Draw { figure: "PNG".to_owned(), reason };
    let tree = usvg::Tree::from_str(svg, &options()).map_err(|e| fail(e.to_string()))?;
    let size = tree.size();
    let (w, h) = ((size.width() * scale).ceil() as u32, (size.height() * scale).ceil() as u32);
    let mut pixels =
        tiny_skia::Pixmap::new(w, h).ok_or_else(|| fail(format!("no picture of {w} x {h} pixels")))?;
    pixels.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| fail(e.to_string()))
}

/// A label map (8-bit grey PNG of class ids, 255 = void) as an RGB PNG in the classes' colours.
///
/// # Errors
/// The bytes are no PNG.
pub(crate) fn colour_labels(grey_png: &[u8], palette: &[[u8; 3]]) -> Result<Vec<u8>> {
    let fail = |e: image::ImageError| Error::Draw { figure: "label map".to_owned(), reason: e.to_string() };
    let grey = image::load_from_memory_with_format(grey_png, ImageFormat::Png).map_err(fail)?.to_luma8();
    let void = void_colour(palette);
    let colour = |class: u8| palette.get(usize::from(class)).copied().unwrap_or(void);
    let rgb =
        RgbImage::from_fn(grey.width(), grey.height(), |x, y| image::Rgb(colour(grey.get_pixel(x, y).0[0])));
    let mut out = Cursor::new(Vec::new());
    rgb.write_to(&mut out, ImageFormat::Png).map_err(fail)?;
    Ok(out.into_inner())
}

/// Which class ids occur in a label map (void left out), ascending.
///
/// # Errors
/// The bytes are no PNG.
pub(crate) fn classes_in(grey_png: &[u8]) -> Result<Vec<u8>> {
    let fail = |e: image::ImageError| Error::Draw { figure: "label map".to_owned(), reason: e.to_string() };
    let grey = image::load_from_memory_with_format(grey_png, ImageFormat::Png).map_err(fail)?.to_luma8();
    let mut seen = [false; 256];
    grey.as_raw().iter().for_each(|v| seen[usize::from(*v)] = true);
    Ok((0..255u8).filter(|c| seen[usize::from(*c)]).collect())
}

fn options() -> usvg::Options<'static> {
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_font_data(epaint_default_fonts::UBUNTU_LIGHT.to_vec());
    fonts.load_font_data(epaint_default_fonts::HACK_REGULAR.to_vec());
    fonts.set_sans_serif_family("Ubuntu");
    fonts.set_monospace_family("Hack");
    usvg::Options { font_family: "Ubuntu".to_owned(), fontdb: Arc::new(fonts), ..usvg::Options::default() }
}
