//! The images of example panels, which a report decodes several times: checked before that.

use super::png_header::size;
use crate::error::{Error, Result};
use crate::view::{PanelView, View};
use scribe_records::{Panel, Store};

/// The most pixels that all images of a store of less than 1 MiB have together, and of a larger one for each of its bytes: a
/// label map, of which most is one colour, has up to 100.
const MOST_PIXELS_OF_SMALL: u64 = 1 << 24;
const MOST_PIXELS_OF_A_BYTE: u64 = 64;

/// Reads the store's panels, once their images can be decoded within bounds.
///
/// # Errors
/// [`Error::Panel`] names the image.
pub(super) fn panels(store: &Store, view: &mut View) -> Result<()> {
    let mut left = match std::fs::metadata(store.path()).map_or(0, |found| found.len()) {
        bytes if bytes < 1 << 20 => MOST_PIXELS_OF_SMALL,
        bytes => bytes.saturating_mul(MOST_PIXELS_OF_A_BYTE),
    };
    for panel in store.panels()? {
        check(&panel, view, &mut left).map_err(|reason| Error::Panel {
            path: store.path().to_owned(),
            image: format!("{} {}", panel.image_id, panel.condition),
            reason,
        })?;
        view.panels.push(PanelView {
            image: panel.image_id,
            condition: panel.condition,
            input: panel.pictures.picture,
            label: panel.pictures.label,
            predictions: panel.pictures.predictions.into_iter().collect(),
        });
    }
    Ok(())
}

/// Takes the pixels of a panel's images from those that are left.
fn check(panel: &Panel, view: &View, left: &mut u64) -> std::result::Result<(), String> {
    let mut take = |what: &str, bytes: &[u8], depth: &[u8]| {
        let found = size(bytes, depth).map_err(|reason| format!("{what}: {reason}"))?;
        let pixels = u64::from(found[0]) * u64::from(found[1]);
        let rest = left.checked_sub(pixels);
        *left = rest.ok_or_else(|| {
            format!("{what}: the panels have far more pixels than those of a store of its size")
        })?;
        Ok::<_, String>(found)
    };
    // A loop in Python may give the picture at another size than its label map.
    take("its picture", &panel.pictures.picture, &[GREY, RGB])?;
    let label @ [width, height] = take("its label map", &panel.pictures.label, &[GREY])?;
    for (series, prediction) in &panel.pictures.predictions {
        let found = take("a prediction", prediction, &[GREY])?;
        if found != label {
            let [w, h] = found;
            return Err(format!(
                "the prediction of {series} is {w}x{h}, the label map {width}x{height} (expected the same)"
            ));
        }
    }
    counted(panel, view, u64::from(width) * u64::from(height))
}

/// Refuses results of the panel's image that count more pixels than its label map has.
fn counted(panel: &Panel, view: &View, pixels: u64) -> std::result::Result<(), String> {
    let Some(image) = view.images.iter().position(|image| *image == panel.image_id) else { return Ok(()) };
    let of_condition = view.per_image.iter().filter(|(cell, _)| cell.condition == panel.condition);
    for (cell, images) in of_condition {
        let Ok(at) = images.binary_search_by_key(&image, |(image, _)| *image) else { continue };
        let (cells, unmapped) = (images[at].1.cells(), images[at].1.unmapped());
        let counts = cells.iter().map(|cell| cell.2).chain(unmapped.iter().map(|cell| cell.1));
        let total: u64 = counts.map(u64::from).sum();
        if total > pixels {
            return Err(format!("{total} pixels of {} are counted, its label map has {pixels}", cell.series));
        }
    }
    Ok(())
}

/// Colour types of PNG files.
const GREY: u8 = 0;
const RGB: u8 = 2;
