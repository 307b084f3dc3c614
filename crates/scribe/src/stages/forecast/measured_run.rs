//! The pictures that a forecast counts, and a run on which it measures.

use crate::stages::pictures::Need;
use crate::stages::run::Run;
use crate::stages::run_inputs::RunInputs;
use crate::stages::synthetic;
use crate::stages::test_protocol::first_of;
use scribe_dataset::SynthConfig;
use tempfile::TempDir;

/// The run with its own pictures; where they are not drawn yet, with a few that are drawn into a temporary folder.
pub(super) struct MeasuredRun {
    /// The run whose pictures can be loaded.
    pub(super) run: Run,
    /// Entries of the training list.
    pub(super) to_train: usize,
    /// The ids that the run tests on.
    pub(super) test_ids: Vec<String>,
    /// The folder of the drawn pictures; dropping it removes them.
    drawn: Option<TempDir>,
}

impl MeasuredRun {
    /// Opens the pictures that are needed.
    ///
    /// # Errors
    /// As [`Run::open`], or there is no room for a temporary folder.
    pub(super) fn open(run: &Run, need: Need) -> anyhow::Result<MeasuredRun> {
        let with = |inputs: RunInputs| Run::new(run.recipe.clone(), run.dir.clone(), inputs);
        let is_drawn = run.inputs.data.is_some() || run.dir.synthetic().exists();
        if let (false, Some(section)) = (is_drawn, &run.recipe.data.synthetic) {
            synthetic::check_drawn_classes(run.recipe.classes())?;
            let folder = tempfile::tempdir()?;
            let config = SynthConfig { train: 1, val: 1, ..synthetic::config(section) };
            scribe_dataset::write_synthetic(folder.path(), &config, &|_, _| ())?;
            let small = with(RunInputs { data: Some(folder.path().to_path_buf()), ..run.inputs.clone() });
            super::silently(|| small.open(need))?;
            // The names that the drawing gives do not matter to a count, but which shard they belong to does.
            let count = first_of(run.recipe.eval.limit, section.val);
            let test_ids = (0..count).map(|k| format!("drawn_{k:06}")).collect();
            return Ok(MeasuredRun { run: small, to_train: section.train, test_ids, drawn: Some(folder) });
        }
        let own = with(run.inputs.clone());
        own.open(need)?;
        let pictures = own.pictures()?;
        let (to_train, test_ids) = (pictures.train_count(), pictures.test_ids());
        let test_ids = test_ids.iter().map(ToString::to_string).collect();
        Ok(MeasuredRun { to_train, test_ids, run: own, drawn: None })
    }

    /// How many pictures there are, for people.
    pub(super) fn text(&self, trains: bool) -> String {
        let drawn = if self.drawn.is_some() { ", which would be drawn" } else { "" };
        let to_train = trains.then(|| format!("{} to train on", self.to_train));
        let tests = self.run.pictures().is_ok_and(|pictures| pictures.test().is_ok());
        let to_test = tests.then(|| format!("{} to test on", self.test_ids.len()));
        let both: Vec<String> = to_train.into_iter().chain(to_test).collect();
        both.join(", ") + drawn
    }
}
