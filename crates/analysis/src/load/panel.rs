//! The images of example panels, which a report decodes several times: checked before that.

use super::png_header::size;
use crate::error::{Error, Result};
use crate::view::{PanelView, View};
use scribe_records::{Panel, Store};

/// The most pixels that all images of a store have together, for each of its bytes: a label map, of which most is one colour,
/// has up to 100.
const MOST_PIXELS_OF_A_BYTE: u64 = 64;
/// The least size that a store is taken to have: a flat picture of two megapixels under seven conditions, with its label map and
/// the maps of two models, has 56 million pixels in less than a megabyte.
const FEWEST_BYTES: u64 = 1 << 20;

/// Reads the store's panels, as many as can be decoded within bounds; [`View::panels_left_out`] counts the others.
///
/// # Errors
/// [`Error::Panel`] names an image that is not as described in FORMAT.md.
pub(super) fn panels(store: &Store, view: &mut View) -> Result<()> {
    let mut left = store.bytes().max(FEWEST_BYTES).saturating_mul(MOST_PIXELS_OF_A_BYTE);
    for panel in store.panels()? {
        let pixels = check(&panel, view).map_err(|reason| Error::Panel {
            path: store.path().to_owned(),
            image: format!("{} {}", panel.image_id, panel.condition),
            reason,
        })?;
        let Some(rest) = pixels.and_then(|pixels| left.checked_sub(pixels)) else {
            view.panels_left_out += 1;
            continue;
        };
        left = rest;
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

/// The pixels of all images of a panel; `None` where one of them is larger than a report draws.
fn check(panel: &Panel, view: &View) -> std::result::Result<Option<u64>, String> {
    let named = |what: &str, bytes: &[u8], depth: &[u8]| {
        size(bytes, depth).map_err(|reason| format!("{what}: {reason}"))
    };
    // A loop in Python may give the picture at another size than its label map.
    let picture = named("its picture", &panel.pictures.picture, &[GREY, RGB])?;
    let label = named("its label map", &panel.pictures.label, &[GREY])?;
    for (series, prediction) in &panel.pictures.predictions {
        let found = named("a prediction", prediction, &[GREY])?;
        if let (Some([width, height]), Some([w, h])) = (label, found)
            && found != label
        {
            return Err(format!(
                "the prediction of {series} is {w}x{h}, the label map {width}x{height} (expected the same)"
            ));
        }
        if found != label {
            return Ok(None);
        }
    }
    let area = |[width, height]: [u32; 2]| u64::from(width) * u64::from(height);
    let (Some(picture), Some(label)) = (picture.map(area), label.map(area)) else { return Ok(None) };
    counted(panel, view, label)?;
    Ok(Some(picture + label * (1 + panel.pictures.predictions.len() as u64)))
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
