//! A model's weights from and to files.

use super::Model;
use crate::Result;
use crate::weights::{self, LoadReport, Take, Weights};
use std::path::Path;

impl Model {
    /// Takes what the file has: a whole network, or a plain ResNet-50. [`Weights::read`] says which kinds of files.
    ///
    /// # Errors
    /// [`crate::Error::Shape`] when a tensor has another shape (nothing is changed then), [`crate::Error::Weights`] when
    /// the file has none of the network's names, and whatever [`Weights::read`] reports.
    pub fn load_weights(&self, path: &Path) -> Result<LoadReport> {
        weights::take(&self.parameters, &Weights::read(path)?, Take::Whole)
    }

    /// Takes a whole network: the file must have every tensor, and may have no others.
    ///
    /// # Errors
    /// [`crate::Error::Incomplete`] when a tensor is missing (except counters of batch norms) or has no place, and
    /// [`crate::Error::Shape`] when one has another shape.
    pub fn take_whole(&self, weights: &Weights) -> Result<LoadReport> {
        let report = weights::take(&self.parameters, weights, Take::Whole)?;
        report.complete(weights.path())?;
        Ok(report)
    }

    /// Takes what fits, and leaves tensors of another shape unused, such as a classifier for other classes or another
    /// objective.
    ///
    /// # Errors
    /// [`crate::Error::Weights`] when nothing fits.
    pub fn take_fitting(&self, weights: &Weights) -> Result<LoadReport> {
        weights::take(&self.parameters, weights, Take::Fitting)
    }

    /// Takes the backbone of a whole network, or a plain ResNet-50, and leaves everything else out.
    ///
    /// # Errors
    /// [`crate::Error::Backbone`] unless the whole backbone is there, [`crate::Error::Shape`] when a tensor of it has
    /// another shape (nothing is changed in both cases), and [`crate::Error::Weights`] when nothing of it is there.
    pub fn take_backbone(&self, weights: &Weights) -> Result<LoadReport> {
        weights::take(&self.parameters, weights, Take::Backbone)
    }

    /// Writes every tensor to a `.safetensors` file under torchvision's names. The file is written whole or not at all.
    ///
    /// # Errors
    /// [`crate::Error::Write`] when the folder cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        weights::save(&self.parameters, path)
    }
}
