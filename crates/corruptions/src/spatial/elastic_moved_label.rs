//! The elastic transform under a second name, under which the label map moves with the picture.

use super::ElasticTransform;
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};
#[cfg(feature = "image")]
use image::GrayImage;

/// [`ElasticTransform`] as a condition of its own, whose predictions are scored against the moved label map.
///
/// The pictures are those of `elastic_transform`, byte for byte and with the same seeds, so that the two conditions
/// differ by their label maps alone: the drop under `elastic_transform` less the drop under this one is what the label
/// that stayed behind costs. No suite holds it; [`Suite::with`](crate::Suite::with) adds it.
///
/// ```
/// use scribe_corruptions::{Picture, Severity, Suite, corruptions::ElasticWithMovedLabel};
/// let suite = Suite::imagecorruptions().with(Box::new(ElasticWithMovedLabel))?;
/// let [mut a, mut b] = [(); 2].map(|()| Picture::from_pixel(40, 32, [9, 8, 7]));
/// let severity = Severity::new(3)?;
/// let seed = suite.apply(&mut a, "elastic_transform", severity, 0, "cat")?;
/// assert_eq!(suite.apply(&mut b, "elastic_transform_moved_label", severity, 0, "cat")?, seed);
/// assert_eq!(a, b);
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ElasticWithMovedLabel;

static META: Meta = Meta {
    name: "elastic_transform_moved_label",
    implementation: "reference/1+nearest-label/1",
    group: Group::Spatial,
    about: "Displaces pixels by smoothed random fields, and the label map with them.",
    parameters: |severity| ElasticTransform.parameters(severity),
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for ElasticWithMovedLabel {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        ElasticTransform.corrupt(picture, severity, rng);
    }

    fn seeded_as(&self) -> &'static str {
        ElasticTransform.name()
    }

    #[cfg(feature = "image")]
    fn warp_label(&self, label: &GrayImage, severity: Severity, rng: &mut Rng) -> Option<GrayImage> {
        ElasticTransform.warp_label(label, severity, rng)
    }

    fn moves_label(&self) -> bool {
        true
    }
}
