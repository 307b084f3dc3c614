//! The images of chosen examples.

use crate::{Error, Observation, PanelWanted, Result, Sink};
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use scribe_records::{Key, PanelPictures, Unit};

/// Keeps image, label map and prediction of chosen images under chosen conditions.
pub(crate) struct PanelSink<'a> {
    pub wanted: &'a [PanelWanted],
}

impl Sink for PanelSink<'_> {
    fn observe(&self, key: &Key, seen: &Observation<'_>, unit: &mut Unit) -> Result<()> {
        let chosen =
            |p: &PanelWanted| p.image_id.as_str() == key.image_id && p.conditions.contains(&key.condition);
        if !self.wanted.iter().any(chosen) {
            return Ok(());
        }
        let size = seen.image.dimensions();
        let failed = |source| Error::Panel { key: Box::new(key.clone()), source };
        let mut panel = match unit.panel.take() {
            Some(panel) => panel,
            None => PanelPictures {
                picture: png(seen.image.as_raw(), size, ExtendedColorType::Rgb8).map_err(failed)?,
                label: png(seen.label, size, ExtendedColorType::L8).map_err(failed)?,
                predictions: Vec::new(),
            },
        };
        let prediction = png(&seen.prediction.class_map, size, ExtendedColorType::L8).map_err(failed)?;
        panel.predictions.push((key.series(), prediction));
        unit.panel = Some(panel);
        Ok(())
    }
}

fn png(bytes: &[u8], (width, height): (u32, u32), kind: ExtendedColorType) -> image::ImageResult<Vec<u8>> {
    let mut file = Vec::new();
    PngEncoder::new(&mut file).write_image(bytes, width, height, kind)?;
    Ok(file)
}
