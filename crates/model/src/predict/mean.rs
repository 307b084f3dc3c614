//! The average of scores over scales and mirrored images, kept in one buffer.

use crate::objective::Objective;
use crate::ops::{ScoreSpace, add_scores, average, empty_sum};
use crate::{Error, Result};
use candle_core::Tensor;

/// The sum of score maps `[N, K, H, W]` of one batch, all of one size, and their number.
pub(super) struct Mean<'a> {
    objective: &'a Objective,
    space: ScoreSpace,
    size: (usize, usize),
    /// In f32, or in f64 where the network is.
    sum: Option<Tensor>,
    count: u32,
}

impl<'a> Mean<'a> {
    /// A mean of no maps so far. `size` is the `(height, width)` of the images.
    ///
    /// # Errors
    /// [`Error::Space`] for a space that the objective does not have.
    pub(super) fn new(objective: &'a Objective, space: ScoreSpace, size: (usize, usize)) -> Result<Mean<'a>> {
        objective.check_space(space)?;
        Ok(Mean { objective, space, size, sum: None, count: 0 })
    }

    /// Adds the scores of outputs `[N, outputs, h, w]`, mirrored back where the images were mirrored.
    pub(super) fn add(&mut self, outputs: &Tensor, mirrored: bool) -> Result<()> {
        let (v, readout) = self.objective.head().readout(outputs)?;
        let sum = match self.sum.take() {
            Some(sum) => sum,
            None => empty_sum(&v, self.size, readout, self.space)?,
        };
        add_scores(&sum, &v, readout, self.space, mirrored)?;
        (self.sum, self.count) = (Some(sum), self.count + 1);
        Ok(())
    }

    /// The mean.
    ///
    /// # Errors
    /// [`Error::Setting`] where nothing was added.
    pub(super) fn finish(self) -> Result<Tensor> {
        let expected = "at least one scale";
        let none = || Error::Setting { name: "scales", value: "[]".to_string(), expected };
        Ok(average(&self.sum.ok_or_else(none)?, self.count)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::ObjectiveConfig;
    use crate::ops::{VoidRule, mirror};
    use candle_core::Device;

    #[test]
    fn mirrored_maps_are_turned_back() -> Result<()> {
        let x = Tensor::arange(0f32, 12., &Device::Cpu)?.reshape((1, 2, 2, 3))?;
        let softmax = ObjectiveConfig::Softmax { void: VoidRule::Ignore }.build(false);
        let mut mean = Mean::new(&softmax, ScoreSpace::Logit, (2, 3))?;
        mean.add(&mirror(&x)?, true)?;
        mean.add(&(&x + 1.)?, false)?;
        let mean = mean.finish()?;
        assert_eq!(mean.dims(), x.dims());
        assert_eq!(mean.flatten_all()?.to_vec1::<f32>()?, (x + 0.5)?.flatten_all()?.to_vec1::<f32>()?);
        Ok(())
    }
}
