//! A corruption of any size held to 224x224, as in the authors' toolkit.

use crate::{Corruption, Group, Result, Rng, Severity, SizePolicy, Tolerance};

/// The corruption inside, for pictures of 224x224 only; there it is byte for byte the authors' own.
pub struct At224<C>(pub C);

impl<C: Corruption> Corruption for At224<C> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn implementation(&self) -> &'static str {
        self.0.implementation()
    }

    fn group(&self) -> Group {
        self.0.group()
    }

    fn about(&self) -> &'static str {
        self.0.about()
    }

    fn parameters(&self, severity: Severity) -> String {
        self.0.parameters(severity)
    }

    fn size(&self) -> SizePolicy {
        SizePolicy::Exactly(224, 224)
    }

    fn tolerance(&self) -> Tolerance {
        self.0.tolerance()
    }

    fn apply_in_place(
        &self,
        pixels: &mut [u8],
        width: usize,
        height: usize,
        severity: Severity,
        rng: &mut Rng,
    ) -> Result<()> {
        self.check(pixels, width, height)?;
        self.0.apply_in_place(pixels, width, height, severity, rng)
    }
}
