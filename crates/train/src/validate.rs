//! Measures clean mIoU during a training.

use crate::group::{Collective, SingleProcess};
use crate::{Error, Result};
use scribe_dataset::{ImageId, Split, TestView};
use scribe_model::Model;
use scribe_model::input::{from_rgb, labels};
use scribe_records::Confusion;

/// The data of a validation, and how often it is done.
pub struct Validation<'a> {
    /// The number of epochs from one validation to the next.
    pub every: u64,
    /// The images with their label maps.
    pub data: &'a dyn Split,
    /// The ids of the images that are used.
    pub ids: &'a [ImageId],
    /// The view of images and label maps.
    pub view: TestView,
    /// The number of classes.
    pub classes: usize,
}

/// mIoU in `[0, 1]` at a single scale, from one confusion matrix over all images. `None` when no class occurs.
///
/// # Errors
/// When an image cannot be read or the network fails.
pub fn validate(model: &Model, validation: &Validation<'_>) -> Result<Option<f64>> {
    validate_in_group(model, validation, &SingleProcess)
}

/// The same in a group of processes, of which this one validates alone while the others wait.
pub(crate) fn validate_in_group(
    model: &Model,
    validation: &Validation<'_>,
    group: &dyn Collective,
) -> Result<Option<f64>> {
    let mut confusion = Confusion::new(validation.classes);
    let prepared = model.prepare();
    for id in validation.ids {
        group.still_works();
        let sample = validation.data.load(id)?;
        validation.view.check(sample.image.dimensions())?;
        let sample = validation.view.apply(sample);
        let (width, height) = (sample.image.width() as usize, sample.image.height() as usize);
        let device = model.parameters().device();
        let pixels = from_rgb(&[sample.image.as_raw()], height, width, device)?;
        let label = labels(sample.label.as_raw(), [1, height, width], device)?;
        let cells = prepared.confusion(&pixels, &label);
        let refused =
            |source| Error::ValidationPrediction { image: id.to_string(), source: Box::new(source) };
        let cells = cells.map_err(refused)?;
        let counted = confusion.add_cells(&cells);
        counted.map_err(|source| Error::ValidationCount { image: id.to_string(), source })?;
    }
    Ok(confusion.miou())
}
