//! Less contrast around each channel's mean.

use crate::kit::pixels::{UNIT, map_channels, unit_to_byte};
use crate::{Corruption, Group, Result, Rng, Severity};

/// `clip((x - mean) * c + mean)` with the mean of each channel (`contrast` of ImageNet-C).
///
/// The mean is a plain running sum in pixel order, as numpy forms it along two leading axes; then a channel's
/// output depends on the byte alone, so it is a table. Draws nothing.
///
/// ```
/// use scribe_corruptions::{Corruption, Rng, Severity, corruptions::Contrast};
/// let mut halves: Vec<u8> = (0..32 * 32 * 3).map(|i| if i < 1536 { 0 } else { 255 }).collect();
/// Contrast.apply_in_place(&mut halves, 32, 32, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert_eq!((halves[0], halves[3071]), (121, 133));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Contrast;

const FACTOR: [f64; 5] = [0.4, 0.3, 0.2, 0.1, 0.05];

impl Corruption for Contrast {
    fn name(&self) -> &'static str {
        "contrast"
    }

    fn implementation(&self) -> &'static str {
        "reference/1"
    }

    fn group(&self) -> Group {
        Group::Lighting
    }

    fn about(&self) -> &'static str {
        "Shrinks every channel towards its mean."
    }

    fn parameters(&self, severity: Severity) -> String {
        format!("factor={}", severity.pick(&FACTOR))
    }

    fn apply_in_place(
        &self,
        pixels: &mut [u8],
        width: usize,
        height: usize,
        severity: Severity,
        _rng: &mut Rng,
    ) -> Result<()> {
        self.check(pixels, width, height)?;
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
        Ok(())
    }
}
