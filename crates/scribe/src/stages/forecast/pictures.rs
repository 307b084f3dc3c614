//! The pictures that a forecast counts and measures on.

use super::super::RunInputs;
use super::super::data::{Need, Pictures, open};
use super::super::test_protocol::limited;
use crate::recipe::Checked;
use crate::run_dir::RunDir;
use scribe_dataset::SynthConfig;
use tempfile::TempDir;

/// The run's own pictures; where they are not drawn yet, a few that are drawn into a temporary folder.
pub(super) struct Sample {
    /// What can be loaded.
    pub pictures: Pictures,
    /// Entries of the training list.
    pub to_train: usize,
    /// The ids that the run tests on.
    pub test_ids: Vec<String>,
    /// Held, so that the drawn pictures stay.
    drawn: Option<TempDir>,
}

impl Sample {
    pub fn open(recipe: &Checked, places: &RunInputs, run: &RunDir, need: Need) -> anyhow::Result<Sample> {
        let undrawn = places.data.is_none() && !run.synthetic().exists();
        if let (true, Some(section)) = (undrawn, &recipe.data.synthetic) {
            let folder = tempfile::tempdir()?;
            let config = SynthConfig {
                train: 1,
                val: 1,
                width: section.width,
                height: section.height,
                classes: section.classes.clone(),
                seed: section.seed,
            };
            scribe_dataset::write_synthetic(folder.path(), &config, &|_, _| ())?;
            let places = RunInputs { data: Some(folder.path().to_path_buf()), ..places.clone() };
            let pictures = super::silently(|| open(recipe, &places, run, need))?;
            // The names that the drawing gives do not matter to a count, but which part they belong to does.
            let test_ids =
                (0..limited(recipe.eval.limit, section.val)).map(|k| format!("drawn_{k:06}")).collect();
            return Ok(Sample { pictures, to_train: section.train, test_ids, drawn: Some(folder) });
        }
        let pictures = open(recipe, places, run, need)?;
        let to_train = pictures.train.as_ref().map_or(0, |split| split.ids().len());
        let test_ids = pictures.val_ids.iter().map(ToString::to_string).collect();
        Ok(Sample { pictures, to_train, test_ids, drawn: None })
    }

    pub fn told(&self, train: bool) -> String {
        let drawn = if self.drawn.is_some() { ", which would be drawn" } else { "" };
        let to_train = train.then(|| format!("{} to train on", self.to_train));
        let to_test = self.pictures.val.as_ref().map(|_| format!("{} to test on", self.test_ids.len()));
        let both: Vec<String> = to_train.into_iter().chain(to_test).collect();
        both.join(", ") + drawn
    }
}
