//! Clean mIoU while training goes on.

use crate::{Error, Result};
use scribe_dataset::{ImageId, Split, TestView};
use scribe_model::Model;
use scribe_model::input::{from_rgb, labels};
use scribe_records::Confusion;

/// What is validated, how often.
pub struct Validation<'a> {
    /// Every so many epochs.
    pub every: u64,
    /// The pictures.
    pub data: &'a dyn Split,
    /// Which of them.
    pub ids: &'a [ImageId],
    /// The view that pictures and labels are brought to.
    pub view: TestView,
    /// Number of classes.
    pub classes: usize,
}

/// mIoU in `[0, 1]`, single scale, as one confusion over all pictures; `None` when no class occurs.
///
/// # Errors
/// When a picture cannot be read or the network fails.
pub fn validate(model: &Model, validation: &Validation<'_>) -> Result<Option<f64>> {
    let mut confusion = Confusion::new(validation.classes);
    for id in validation.ids {
        let sample = validation.view.apply(validation.data.load(id)?);
        let (width, height) = (sample.image.width() as usize, sample.image.height() as usize);
        let device = model.parameters().device();
        let pixels = from_rgb(&[sample.image.as_raw()], height, width, device)?;
        let label = labels(sample.label.as_raw(), [1, height, width], device)?;
        let cells = model.confusion(&pixels, &label);
        let refused = |source| Error::Predicted { image: id.to_string(), source: Box::new(source) };
        let cells = cells.map_err(refused)?;
        let counted = confusion.add_cells(&cells);
        counted.map_err(|source| Error::Validation { image: id.to_string(), source })?;
    }
    Ok(confusion.miou())
}
