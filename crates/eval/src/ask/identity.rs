//! What stands for the network of a program in a store.

use super::answer::Answer;
use super::question::Shown;
use super::{AskError, AskedProgram, Result};
use crate::Picture;
use image::RgbImage;
use scribe_base::digest::hex;
use scribe_records::Condition;
use sha2::{Digest, Sha256};
use std::ops::Range;

impl AskedProgram {
    /// A text that stands for the program's network: `network:` and the name that the program gives it, or `answers:` and a SHA-256 over the classes that it predicts for these images (id, width, height and the class of
    /// each pixel). Every process is asked.
    ///
    /// # Errors
    /// [`AskError::Unlike`] where two processes answer differently, or as [`crate::Predictor::predict`].
    pub fn identity(&self, images: &[(&str, &RgbImage)]) -> Result<String> {
        if let Some(network) = &self.hello.network {
            return Ok(format!("network:{network}"));
        }
        let clean = Condition::clean();
        let shown: Vec<Shown<'_>> = images
            .iter()
            .map(|(image_id, image)| Shown::of(&Picture { image_id, condition: &clean, image }))
            .collect();
        let mut hasher = Sha256::new();
        let mut last: Option<(usize, Vec<u8>)> = None;
        let mut each = |range: Range<usize>, answer: Answer| {
            let place = range.start;
            let predictions = answer.predictions(&shown[range], &|_| false)?;
            let classes: Vec<u8> = predictions.into_iter().flat_map(|one| one.class_map).collect();
            match &last {
                Some((earlier, found)) if *earlier == place => {
                    if *found != classes {
                        return Err(AskError::Unlike { what: "their answers" });
                    }
                }
                _ => {
                    let Shown { image_id, width, height, .. } = &shown[place];
                    hasher.update(format!("{image_id}\n{width} {height}\n"));
                    hasher.update(&classes);
                    last = Some((place, classes));
                }
            }
            Ok(())
        };
        self.ask_each(&shown, &mut each)?;
        Ok(format!("answers:{}", hex(hasher.finalize())))
    }
}
