//! The pictures of the report's Figure 6.

use crate::errors::wrong;
use pyo3::PyResult;
use pyo3::exceptions::PyValueError;
use scribe_dataset::image::codecs::png::PngEncoder;
use scribe_dataset::image::{ExtendedColorType, ImageEncoder};
use scribe_records::{PanelPictures, Series};

/// Bytes with the height and width that they have.
#[derive(Clone, Copy)]
pub(super) struct Raster<'a> {
    pub bytes: &'a [u8],
    pub size: [usize; 2],
}

/// A picture, its label map and one prediction as a store keeps them.
///
/// # Errors
/// A side is too long for a PNG file.
pub(super) fn panel(
    picture: Raster<'_>,
    labels: Raster<'_>,
    (series, classes): (&Series, &[u8]),
) -> PyResult<PanelPictures> {
    let prediction = png(Raster { bytes: classes, ..labels }, ExtendedColorType::L8)?;
    Ok(PanelPictures {
        picture: png(picture, ExtendedColorType::Rgb8)?,
        label: png(labels, ExtendedColorType::L8)?,
        predictions: vec![(series.clone(), prediction)],
    })
}

fn png(Raster { bytes, size }: Raster<'_>, kind: ExtendedColorType) -> PyResult<Vec<u8>> {
    let [height, width] = size.map(u32::try_from);
    let (Ok(height), Ok(width)) = (height, width) else {
        return Err(PyValueError::new_err(format!("{size:?}: too large for a PNG file")));
    };
    let mut file = Vec::new();
    PngEncoder::new(&mut file).write_image(bytes, width, height, kind).map_err(|error| wrong(&error))?;
    Ok(file)
}
