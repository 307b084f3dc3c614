//! A contact sheet: one picture under every corruption of a suite at every severity, with labels.

use ab_glyph::{FontRef, PxScale};
use anyhow::Context;
use image::{Rgb, RgbImage, imageops};
use imageproc::drawing::{draw_text_mut, text_size};
use scribe_corruptions::{Severity, Suite};

/// Pixels between two cells.
const GAP: u32 = 6;
/// Pixels above the cells and to their left, for the labels.
const TOP: u32 = 26;
const LEFT: u32 = 26;
/// Height of the labels in pixels.
const TEXT: f32 = 13.0;
const PAPER: Rgb<u8> = Rgb([255, 255, 255]);
const INK: Rgb<u8> = Rgb([34, 34, 34]);

/// Draws `picture` with a column for each corruption in the paper's order and a row for each severity, severity 1 on
/// top. Every cell has the picture's size; the noise follows from `master` and `name` ([`scribe_corruptions::seed_for`]).
///
/// # Errors
/// When a corruption refuses the picture, for example because it is smaller than 32 pixels.
pub fn sheet(suite: &Suite, picture: &RgbImage, master: u64, name: &str) -> anyhow::Result<RgbImage> {
    let (width, height) = picture.dimensions();
    let columns = suite.corruptions().count() as u32;
    let rows = Severity::ALL.len() as u32;
    let size = (LEFT + columns * (width + GAP), TOP + rows * (height + GAP));
    let mut sheet = RgbImage::from_pixel(size.0, size.1, PAPER);
    let corrupted = suite.apply_all(picture, master, name).with_context(|| name.to_string())?;
    for (cell, (place, picture)) in suite.conditions().zip(corrupted.iter().enumerate()) {
        let (column, row) = (place as u32 / rows, place as u32 % rows);
        let (x, y) = (LEFT + column * (width + GAP), TOP + row * (height + GAP));
        imageops::replace(&mut sheet, picture, i64::from(x), i64::from(y));
        if row == 0 {
            write(&mut sheet, &short(cell.0.name()), x + width / 2, TOP / 2)?;
        }
        if column == 0 {
            write(&mut sheet, &cell.1.get().to_string(), LEFT / 2, y + height / 2)?;
        }
    }
    Ok(sheet)
}

/// A corruption's name as a label: `gaussian_noise` becomes `gaussian noise`, and `_transform` and `_compression` are left
/// out.
fn short(name: &str) -> String {
    name.replace("_transform", "").replace("_compression", "").replace('_', " ")
}

/// Writes a text with its middle at (x, y).
fn write(sheet: &mut RgbImage, text: &str, x: u32, y: u32) -> anyhow::Result<()> {
    let font = FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT).context("the built-in font")?;
    let scale = PxScale::from(TEXT);
    let (width, height) = text_size(scale, &font, text);
    let place = (x as i32 - width as i32 / 2, y as i32 - height as i32 / 2);
    draw_text_mut(sheet, INK, place.0, place.1, scale, &font, text);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_has_its_cell() {
        let picture = RgbImage::from_fn(40, 32, |x, y| Rgb([(x * 6) as u8, (y * 7) as u8, 128]));
        let suite = Suite::imagecorruptions();
        let sheet = sheet(&suite, &picture, 7, "p").unwrap();
        assert_eq!(sheet.dimensions(), (26 + 15 * 46, 26 + 5 * 38));
        // The last cell is JPEG compression at severity 5, which draws nothing.
        let jpeg = suite.get("jpeg_compression").unwrap();
        let mut rng = scribe_corruptions::Rng::seed(0);
        let expected = jpeg.apply(&picture, Severity::new(5).unwrap(), &mut rng).unwrap();
        let cell = imageops::crop_imm(&sheet, 26 + 14 * 46, 26 + 4 * 38, 40, 32).to_image();
        assert_eq!(cell, expected);
    }
}
