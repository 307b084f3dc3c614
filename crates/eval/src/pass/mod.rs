//! The settings of an evaluation.

mod build;
mod check;
mod entrant;
mod manifest;
mod series;
mod wanted;

pub use entrant::Entrant;
pub(crate) use series::PassSeries;
pub use wanted::{CalibrationWanted, MomentsWanted, PanelWanted};

use scribe_corruptions::Suite;
use scribe_dataset::{CorruptionPlace, ImageId, Split, TestView};
use scribe_records::{Condition, Mode};
use std::sync::atomic::AtomicBool;

/// One evaluation: these images under these conditions by these entrants.
///
/// [`Pass::new`] gives the defaults, and the methods of the same names as the fields change them.
///
/// ```
/// use scribe_corruptions::Suite;
/// use scribe_dataset::{SynthConfig, SyntheticSplit, TestView};
/// use scribe_eval::{Entrant, Pass};
/// # use scribe_eval::{Picture, Prediction, Predictor, PredictorError, Wants};
/// # use scribe_model::{Inference, ScoreSpace};
/// # struct Network;
/// # impl Predictor for Network {
/// #     fn class_count(&self) -> usize { 21 }
/// #     fn own_space(&self) -> ScoreSpace { ScoreSpace::Softmax }
/// #     fn predict(
/// #         &self, _: &[Picture<'_>], _: &Inference, _: &dyn Fn(usize) -> Wants,
/// #     ) -> Result<Vec<Prediction>, PredictorError> { Ok(Vec::new()) }
/// # }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let network = Network;
/// let config = SynthConfig { train: 1, val: 2, width: 64, height: 64, classes: vec![15], seed: 0 };
/// let split = SyntheticSplit::val(&config)?;
/// let suite = Suite::imagecorruptions();
/// let pass = Pass::new(&split, &suite, vec![Entrant::new("mine".parse()?, &network)])
///     .view(TestView::Squash(64))
///     .corruptions(&["fog", "contrast"], &[1, 3, 5])?
///     .threads(2);
/// assert_eq!(pass.conditions.len(), 1 + 2 * 3);
/// # Ok(())
/// # }
/// ```
pub struct Pass<'a> {
    /// Where images and label maps come from.
    pub split: &'a dyn Split,
    /// The images, in order: all of the split, or some.
    pub image_ids: Vec<ImageId>,
    /// The size of the test.
    pub view: TestView,
    /// Whether the corruption comes after the view or before it.
    pub corruption_place: CorruptionPlace,
    /// The corruptions, and the order in which they see the channels.
    pub suite: &'a Suite,
    /// The conditions in order, usually clean first.
    pub conditions: Vec<Condition>,
    /// Those of the conditions that are not made by a corruption, because the split's pictures are those under them: real fog,
    /// night or rain. Nothing is compared with clean pictures there.
    pub given: Vec<Condition>,
    /// The models.
    pub entrants: Vec<Entrant<'a>>,
    /// The seed from which each corruption's seed follows; see [`scribe_corruptions::seed_for`]. Where the store's manifest
    /// lists it as a further one, [`Pass::of_further_seed`] makes the pass that the store can take.
    pub master_seed: u64,
    /// How many conditions of one image are predicted at once, at least 1; results do not depend on it.
    pub batch: usize,
    /// Bytes that the scores of a batch may take in one series, unless one image has more: of large images and many classes
    /// a batch is then smaller. Two batches are in memory at a time, and the clean image.
    pub score_bytes: u64,
    /// The conditions and modes of which logit moments are summed.
    pub moments: MomentsWanted,
    /// The conditions and modes of which products of clean and corrupted logits are summed; clean has none.
    pub cross_moments: MomentsWanted,
    /// The modes of which calibration is counted, if any.
    pub calibration: Option<CalibrationWanted>,
    /// The modes of which calibration is counted over a grid of temperatures, if any; those whose scores are not logits have
    /// none.
    pub temperatures: Option<CalibrationWanted>,
    /// The modes of which END is summed; those whose scores are not logits have none.
    pub non_distinctiveness: Vec<Mode>,
    /// The images that are kept as examples, with their predictions.
    pub panels: Vec<PanelWanted>,
    /// Threads that decode and corrupt ahead of inference, at least 1; results do not depend on it.
    pub threads: usize,
    /// Predictions that run at once, at least 1. More than 1 pays for networks that are too small to fill the cores alone,
    /// and takes as many times the memory. Results do not depend on it.
    pub side_by_side: usize,
    /// Threads that do nothing but predict, so that on a GPU one batch is computed while the thread of another copies; 0 where
    /// the calling thread predicts. They predict where no scores are wanted. Results do not depend on it.
    pub predictor_threads: usize,
    /// Set from outside (by Ctrl-C, for example) to stop after the current unit.
    pub stop: &'a AtomicBool,
    /// Called after each input with the number committed and the total; once with 0 before the first.
    pub on_progress: Option<&'a scribe_base::progress::OnProgress<'a>>,
}
