//! More light.

use crate::kit::hsv::{self, Change};
use crate::{Corruption, Group, Result, Rng, Severity};

/// The value of HSV raised by `c` and clipped (`brightness` of ImageNet-C). Draws nothing.
///
/// ```
/// use scribe_corruptions::{Corruption, Rng, Severity, corruptions::Brightness};
/// let mut grey = vec![100; 32 * 32 * 3];
/// Brightness.apply_in_place(&mut grey, 32, 32, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert_eq!(grey[0], 227);
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Brightness;

const OFFSET: [f64; 5] = [0.1, 0.2, 0.3, 0.4, 0.5];

impl Corruption for Brightness {
    fn name(&self) -> &'static str {
        "brightness"
    }

    fn implementation(&self) -> &'static str {
        "reference/1"
    }

    fn group(&self) -> Group {
        Group::Lighting
    }

    fn about(&self) -> &'static str {
        "Raises the value of HSV."
    }

    fn parameters(&self, severity: Severity) -> String {
        format!("value+={}", severity.pick(&OFFSET))
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
        hsv::change(pixels, Change::Value { offset: severity.pick(&OFFSET) });
        Ok(())
    }
}
