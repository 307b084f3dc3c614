//! The label map that belongs to a corrupted picture.

use super::Suite;
use crate::{Result, Rng, Severity, seed_for};
use image::GrayImage;

impl Suite {
    /// The label map against which a prediction under this condition is scored, where it is not the picture's own: moved by
    /// the field that [`Suite::apply`] moves the picture by, if [`Corruption::moves_label`](crate::Corruption::moves_label).
    /// `label` has the size of the picture that is corrupted.
    ///
    /// ```
    /// use scribe_corruptions::image::{GrayImage, Luma};
    /// use scribe_corruptions::{Severity, Suite, corruptions::ElasticWithMovedLabel};
    /// let suite = Suite::imagecorruptions().with(Box::new(ElasticWithMovedLabel))?;
    /// let label = GrayImage::from_fn(64, 48, |x, _| Luma([(x / 8) as u8]));
    /// let severity = Severity::new(5)?;
    /// let moved = suite.moved_label(&label, "elastic_transform_moved_label", severity, 0, "cat")?;
    /// assert_ne!(moved, Some(label.clone()));
    /// assert_eq!(suite.moved_label(&label, "elastic_transform", severity, 0, "cat")?, None);
    /// # Ok::<(), scribe_corruptions::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownCorruption`](crate::Error::UnknownCorruption).
    pub fn moved_label(
        &self,
        label: &GrayImage,
        corruption: &str,
        severity: Severity,
        master_seed: u64,
        image_id: &str,
    ) -> Result<Option<GrayImage>> {
        let corruption = self.get(corruption)?;
        if !corruption.moves_label() {
            return Ok(None);
        }
        let seed = seed_for(master_seed, image_id, corruption.seeded_as(), severity);
        Ok(corruption.warp_label(label, severity, &mut Rng::seed(seed)))
    }
}
