//! Contrast: less of it, around each channel's mean.

use crate::kit::pixels::{UNIT, map_channels, unit_to_byte};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};

/// `clip((x - mean) * c + mean)` with the mean of each channel (`contrast` of ImageNet-C).
///
/// The mean is a plain running sum in pixel order, as numpy forms it along two leading axes; then a channel's
/// output depends on the byte alone, so it is a table. Draws nothing.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::Contrast};
/// let mut halves: Vec<u8> = (0..32 * 32 * 3).map(|i| if i < 1536 { 0 } else { 255 }).collect();
/// Contrast.apply_in_place(PictureMut::new(&mut halves, 32, 32)?, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert_eq!((halves[0], halves[3071]), (121, 133));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Contrast;

const FACTOR: [f64; 5] = [0.4, 0.3, 0.2, 0.1, 0.05];

static META: Meta = Meta {
    name: "contrast",
    implementation: "reference/1",
    group: Group::Lighting,
    about: "Shrinks every channel towards its mean.",
    parameters: |severity| format!("factor={}", severity.pick(&FACTOR)),
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for Contrast {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, _rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let mut sums = [0.0; 3];
        for pixel in pixels.as_chunks::<3>().0 {
            for (sum, &sample) in sums.iter_mut().zip(pixel) {
                *sum += UNIT[usize::from(sample)];
            }
        }
        let factor = severity.pick(&FACTOR);
        let tables = sums.map(|sum| {
            let mean = sum / (width * height) as f64;
            std::array::from_fn(|i| unit_to_byte((UNIT[i] - mean) * factor + mean))
        });
        map_channels(pixels, &tables);
    }
}
