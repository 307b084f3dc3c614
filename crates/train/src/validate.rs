//! Clean mIoU while training goes on.

use crate::{Error, Result};
use scribe_dataset::{ImageId, Split, TestView};
use scribe_model::input::from_rgb;
use scribe_model::{Inference, Model};
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
        let pixels = from_rgb(&[sample.image.as_raw()], height, width, model.parameters().device())?;
        let prediction = model.predict(&pixels, &Inference::Single)?;
        let counted = confusion.add(sample.label.as_raw(), &prediction.classes);
        counted.map_err(|source| Error::Validation { image: id.to_string(), source })?;
    }
    Ok(confusion.miou())
}
