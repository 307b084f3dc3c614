//! A synthetic set in memory.

use super::scene::scene;
use crate::{Error, ImageId, Result, Sample, Split, SynthConfig};
use rayon::prelude::*;

/// A synthetic set in memory: the pictures of [`crate::write_synthetic`] before JPEG, the same labels and ids.
#[derive(Debug, Clone)]
pub struct SyntheticSplit {
    ids: Vec<ImageId>,
    samples: Vec<Sample>,
}

impl SyntheticSplit {
    /// The training pictures.
    ///
    /// # Errors
    /// [`Error::Setting`] when the configuration is out of range.
    pub fn train(config: &SynthConfig) -> Result<SyntheticSplit> {
        config.check()?;
        Ok(SyntheticSplit::make(config, config.ids().0, 0))
    }

    /// The validation pictures.
    ///
    /// # Errors
    /// [`Error::Setting`] when the configuration is out of range.
    pub fn val(config: &SynthConfig) -> Result<SyntheticSplit> {
        config.check()?;
        Ok(SyntheticSplit::make(config, config.ids().1, config.train))
    }

    fn make(config: &SynthConfig, ids: Vec<ImageId>, first: usize) -> SyntheticSplit {
        let sample = |(index, id): (usize, &ImageId)| {
            let (image, label) = scene(config, first + index);
            Sample { id: id.clone(), image, label }
        };
        let samples = ids.par_iter().enumerate().map(sample).collect();
        SyntheticSplit { ids, samples }
    }
}

impl Split for SyntheticSplit {
    fn ids(&self) -> &[ImageId] {
        &self.ids
    }

    fn load(&self, id: &ImageId) -> Result<Sample> {
        // Ids are numbered consecutively, so they are sorted.
        match self.ids.binary_search(id) {
            Ok(index) => Ok(self.samples[index].clone()),
            Err(_) => Err(Error::UnknownId { id: id.to_string() }),
        }
    }
}
