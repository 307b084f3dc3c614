//! Less or more colour, one of ImageNet-C's four validation corruptions.

use crate::kit::hsv::{self, Change};
use crate::{Corruption, Group, Result, Rng, Severity};

/// The saturation of HSV multiplied, raised and clipped (`saturate` of ImageNet-C). Draws nothing.
///
/// ```
/// use scribe_corruptions::{Corruption, Rng, Severity, corruptions::Saturate};
/// let mut grey = vec![100; 32 * 32 * 3];
/// Saturate.apply_in_place(&mut grey, 32, 32, Severity::new(2)?, &mut Rng::seed(0))?;
/// assert_eq!(grey[0], 100);
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Saturate;

const FACTOR_OFFSET: [(f64, f64); 5] = [(0.3, 0.0), (0.1, 0.0), (2.0, 0.0), (5.0, 0.1), (20.0, 0.2)];

impl Corruption for Saturate {
    fn name(&self) -> &'static str {
        "saturate"
    }

    fn implementation(&self) -> &'static str {
        "reference/1"
    }

    fn group(&self) -> Group {
        Group::Lighting
    }

    fn about(&self) -> &'static str {
        "Multiplies and raises the saturation of HSV."
    }

    fn parameters(&self, severity: Severity) -> String {
        let (factor, offset) = severity.pick(&FACTOR_OFFSET);
        format!("factor={factor} offset={offset}")
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
        let (factor, offset) = severity.pick(&FACTOR_OFFSET);
        hsv::change(pixels, Change::Saturation { factor, offset });
        Ok(())
    }
}
