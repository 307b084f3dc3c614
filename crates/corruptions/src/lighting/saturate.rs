//! Saturation: less or more colour, one of ImageNet-C's four validation corruptions.

use crate::kit::hsv::{self, Change};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};

/// The saturation of HSV multiplied, raised and clipped (`saturate` of ImageNet-C). Draws nothing.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::Saturate};
/// let mut grey = vec![100; 32 * 32 * 3];
/// Saturate.apply_in_place(PictureMut::new(&mut grey, 32, 32)?, Severity::new(2)?, &mut Rng::seed(0))?;
/// assert_eq!(grey[0], 100);
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Saturate;

const FACTOR_OFFSET: [(f64, f64); 5] = [(0.3, 0.0), (0.1, 0.0), (2.0, 0.0), (5.0, 0.1), (20.0, 0.2)];

static META: Meta = Meta {
    name: "saturate",
    implementation: "reference/1",
    group: Group::Lighting,
    about: "Multiplies and raises the saturation of HSV.",
    parameters: |severity| {
        let (factor, offset) = severity.pick(&FACTOR_OFFSET);
        format!("factor={factor} offset={offset}")
    },
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for Saturate {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, _rng: &mut Rng) {
        let pixels = picture.into_bytes();
        let (factor, offset) = severity.pick(&FACTOR_OFFSET);
        hsv::change(pixels, Change::Saturation { factor, offset });
    }
}
