//! A model's weights from and to files.

use super::Model;
use crate::weights::{self, LoadReport, Take, Weights};
use crate::{Error, Result};
use std::path::Path;

impl Model {
    /// Takes what the file has: a whole network, or a plain ResNet-50. [`Weights::read`] says which kinds of files.
    ///
    /// # Errors
    /// [`Error::Shape`] when a tensor has another shape (nothing is changed then), [`Error::Weights`] when
    /// the file has none of the network's names, and whatever [`Weights::read`] reports.
    pub fn load_weights(&self, path: &Path) -> Result<LoadReport> {
        weights::take(&self.parameters, &Weights::read(path)?, Take::Whole)
    }

    /// Takes a whole network: the file must have every tensor, and may have no others.
    ///
    /// # Errors
    /// [`Error::Incomplete`] when a tensor is missing (except counters of batch norms) or has no place,
    /// [`Error::Outputs`] when the file is of another number of classes, and [`Error::Shape`] when another tensor has
    /// another shape.
    pub fn take_whole(&self, weights: &Weights) -> Result<LoadReport> {
        let report = weights::take(&self.parameters, weights, Take::Whole);
        let report = report.map_err(|error| self.other_outputs(error))?;
        report.complete(weights.path())?;
        Ok(report)
    }

    /// The error in words of classes, where only the last layer has another shape.
    fn other_outputs(&self, error: Error) -> Error {
        match error {
            // Its weight and its bias differ. Any other convolution is followed by a norm, of which more tensors would.
            Error::Shape { path, tensor, found, expected, others: 1 }
                if tensor.starts_with("classifier.") && tensor.ends_with(".bias") =>
            {
                let [found, expected] = [found, expected].map(|shape| shape.iter().product());
                Error::Outputs { path, found, expected, class_count: self.classes }
            }
            other => other,
        }
    }

    /// Takes what fits, and leaves tensors of another shape unused, such as a classifier for other classes or another
    /// objective.
    ///
    /// # Errors
    /// [`Error::Weights`] when nothing fits.
    pub fn take_fitting(&self, weights: &Weights) -> Result<LoadReport> {
        weights::take(&self.parameters, weights, Take::Fitting)
    }

    /// Takes the backbone of a whole network, or a plain ResNet-50, and leaves everything else out.
    ///
    /// # Errors
    /// [`Error::Backbone`] unless the whole backbone is there, [`Error::Shape`] when a tensor of it has
    /// another shape (nothing is changed in both cases), and [`Error::Weights`] when nothing of it is there.
    pub fn take_backbone(&self, weights: &Weights) -> Result<LoadReport> {
        weights::take(&self.parameters, weights, Take::Backbone)
    }

    /// Writes every tensor to a `.safetensors` file under torchvision's names. The file is written whole or not at all.
    ///
    /// # Errors
    /// [`Error::Write`] when the folder cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        weights::save(&self.parameters, path)
    }
}
