//! A pass with defaults, and methods that change them.

use super::{CalibrationWanted, Entrant, MomentsWanted, PanelWanted, Pass};
use crate::{Error, Result};
use scribe_base::progress::OnProgress;
use scribe_corruptions::{Severity, Suite};
use scribe_dataset::{CorruptionPlace, ImageId, Split, TestView};
use scribe_records::{Condition, Mode};
use std::sync::atomic::AtomicBool;

/// Stops nothing.
static NEVER: AtomicBool = AtomicBool::new(false);

impl<'a> Pass<'a> {
    /// All images of `split` at 224 x 224, clean and under the paper's 75 conditions as `suite` makes them, by `entrants`.
    /// The master seed is 2020, the batch 8, and there is a thread per core of the machine; only confusion matrices are
    /// counted.
    #[must_use]
    pub fn new(split: &'a dyn Split, suite: &'a Suite, entrants: Vec<Entrant<'a>>) -> Pass<'a> {
        let corrupted = suite.conditions().map(|(corruption, severity)| Condition {
            corruption: corruption.name().to_owned(),
            severity: severity.get(),
        });
        Pass {
            split,
            image_ids: split.ids().to_vec(),
            view: TestView::Squash(224),
            corruption_place: CorruptionPlace::AfterView,
            suite,
            conditions: std::iter::once(Condition::clean()).chain(corrupted).collect(),
            given: Vec::new(),
            entrants,
            master_seed: 2020,
            batch: 8,
            // 8 images of 513 x 513 pixels with 21 classes have 177 MB.
            score_bytes: 256 << 20,
            moments: MomentsWanted::default(),
            cross_moments: MomentsWanted::default(),
            calibration: None,
            temperatures: None,
            non_distinctiveness: Vec::new(),
            panels: Vec::new(),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            side_by_side: 1,
            predictor_threads: 0,
            stop: &NEVER,
            on_progress: None,
        }
    }

    /// Only these images, in this order.
    #[must_use]
    pub fn image_ids(self, image_ids: Vec<ImageId>) -> Self {
        Pass { image_ids, ..self }
    }

    /// The size of the test.
    #[must_use]
    pub fn view(self, view: TestView) -> Self {
        Pass { view, ..self }
    }

    /// Whether the corruption comes after the view, as it does without this call, or before it.
    #[must_use]
    pub fn corruption_place(self, corruption_place: CorruptionPlace) -> Self {
        Pass { corruption_place, ..self }
    }

    /// These conditions, in this order.
    #[must_use]
    pub fn conditions(self, conditions: Vec<Condition>) -> Self {
        Pass { conditions, ..self }
    }

    /// These conditions are not made: the split's pictures are those under them.
    #[must_use]
    pub fn given(self, given: Vec<Condition>) -> Self {
        Pass { given, ..self }
    }

    /// Clean, and these corruptions at these severities.
    ///
    /// # Errors
    /// [`Error::Corruption`] for a name that the suite does not have or a severity outside 1 to 5.
    pub fn corruptions(self, names: &[&str], severities: &[u8]) -> Result<Self> {
        let mut conditions = vec![Condition::clean()];
        for &name in names {
            for &severity in severities {
                let condition = Condition { corruption: name.to_owned(), severity };
                self.check_condition(&condition)?;
                conditions.push(condition);
            }
        }
        Ok(Pass { conditions, ..self })
    }

    /// The seed from which each corruption's seed follows.
    #[must_use]
    pub fn master_seed(self, master_seed: u64) -> Self {
        Pass { master_seed, ..self }
    }

    /// The same pass under a further master seed and the conditions that it changes, in which confusions alone are counted.
    #[must_use]
    pub fn of_further_seed(self, master_seed: u64, conditions: Vec<Condition>) -> Self {
        Pass {
            master_seed,
            conditions,
            given: Vec::new(),
            moments: MomentsWanted::default(),
            cross_moments: MomentsWanted::default(),
            calibration: None,
            temperatures: None,
            non_distinctiveness: Vec::new(),
            panels: Vec::new(),
            ..self
        }
    }

    /// How many conditions of one image are predicted at once.
    #[must_use]
    pub fn batch(self, batch: usize) -> Self {
        Pass { batch, ..self }
    }

    /// Bytes that the scores of a batch may take.
    #[must_use]
    pub fn score_bytes(self, score_bytes: u64) -> Self {
        Pass { score_bytes, ..self }
    }

    /// The conditions and modes of which logit moments are summed.
    #[must_use]
    pub fn moments(self, moments: MomentsWanted) -> Self {
        Pass { moments, ..self }
    }

    /// The conditions and modes of which products of clean and corrupted logits are summed.
    #[must_use]
    pub fn cross_moments(self, cross_moments: MomentsWanted) -> Self {
        Pass { cross_moments, ..self }
    }

    /// The modes of which calibration is counted.
    #[must_use]
    pub fn calibration(self, calibration: CalibrationWanted) -> Self {
        Pass { calibration: Some(calibration), ..self }
    }

    /// The modes of which calibration is counted over a grid of temperatures.
    #[must_use]
    pub fn temperatures(self, temperatures: CalibrationWanted) -> Self {
        Pass { temperatures: Some(temperatures), ..self }
    }

    /// The modes of which END is summed.
    #[must_use]
    pub fn non_distinctiveness(self, non_distinctiveness: Vec<Mode>) -> Self {
        Pass { non_distinctiveness, ..self }
    }

    /// The images that are kept as examples.
    #[must_use]
    pub fn panels(self, panels: Vec<PanelWanted>) -> Self {
        Pass { panels, ..self }
    }

    /// Threads that decode and corrupt ahead of inference.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Pass { threads, ..self }
    }

    /// Predictions that run at once.
    #[must_use]
    pub fn side_by_side(self, side_by_side: usize) -> Self {
        Pass { side_by_side, ..self }
    }

    /// Threads that do nothing but predict.
    #[must_use]
    pub fn predictor_threads(self, predictor_threads: usize) -> Self {
        Pass { predictor_threads, ..self }
    }

    /// A flag that stops the evaluation after the current unit.
    #[must_use]
    pub fn stop(self, stop: &'a AtomicBool) -> Self {
        Pass { stop, ..self }
    }

    /// A function that is called after each input.
    #[must_use]
    pub fn on_progress(self, on_progress: &'a OnProgress<'a>) -> Self {
        Pass { on_progress: Some(on_progress), ..self }
    }

    /// Refuses a condition that the suite cannot make.
    pub(super) fn check_condition(&self, condition: &Condition) -> Result<()> {
        if condition.is_clean() || self.given.contains(condition) {
            return Ok(());
        }
        let known = self.suite.get(&condition.corruption).map(drop);
        known.and_then(|()| Severity::new(condition.severity).map(drop)).map_err(|source| Error::Corruption {
            image_id: "(any)".to_owned(),
            condition: condition.clone(),
            source: Box::new(source),
        })
    }
}
