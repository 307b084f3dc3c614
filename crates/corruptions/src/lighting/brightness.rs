//! Brightness: more light.

use crate::kit::hsv::{self, Change};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};

/// The value of HSV raised by `c` and clipped (`brightness` of ImageNet-C). Draws nothing.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::Brightness};
/// let mut grey = vec![100; 32 * 32 * 3];
/// Brightness.apply_in_place(PictureMut::new(&mut grey, 32, 32)?, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert_eq!(grey[0], 227);
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Brightness;

const OFFSET: [f64; 5] = [0.1, 0.2, 0.3, 0.4, 0.5];

static META: Meta = Meta {
    name: "brightness",
    implementation: "reference/1",
    group: Group::Lighting,
    about: "Raises the value of HSV.",
    parameters: |severity| format!("value+={}", severity.pick(&OFFSET)),
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for Brightness {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, _rng: &mut Rng) {
        let pixels = picture.into_bytes();
        hsv::change(pixels, Change::Value { offset: severity.pick(&OFFSET) });
    }
}
