//! What an evaluation tests with. `scribe eval` and `scribe corrupt-set --like` both take it from here, so they cannot
//! differ.

use super::suite;
use crate::recipe::CheckedRecipe;
use anyhow::Context;
use scribe_corrupt_set::Protocol;
use scribe_corruptions::{Severity, Suite};
use scribe_dataset::{CorruptionPlace, TestView};
use std::path::Path;

/// The list in `ImageSets/Segmentation` that every recipe tests.
pub const TEST_LIST: &str = "val";

/// How many images of a list are tested, the size at which they are corrupted, the conditions and the seed.
#[derive(Debug)]
pub struct TestProtocol {
    /// The implementations of the corruptions, and the order in which they see the channels.
    pub suite: Suite,
    /// Names of the corruptions, each once, in the order of the tables.
    pub corruptions: Vec<String>,
    /// Severities, each once, in the order of the tables.
    pub severities: Vec<Severity>,
    /// The size of the test.
    pub view: TestView,
    /// Whether the corruption comes after the view or before it.
    pub corruption_place: CorruptionPlace,
    /// The seed from which the seed of each picture follows; see [`scribe_corruptions::seed_for`].
    pub master_seed: u64,
    /// Only the first pictures of the list, this many; 0 takes all.
    pub limit: usize,
}

impl TestProtocol {
    /// What the recipe tests with. `frost` is the folder of the reference's frost pictures; it need not exist.
    ///
    /// # Errors
    /// When the frost pictures cannot be read.
    pub fn of(recipe: &CheckedRecipe, frost: &Path) -> anyhow::Result<TestProtocol> {
        let eval = &recipe.eval;
        if eval.corruptions.is_empty() && eval.conditions.is_empty() {
            tracing::warn!("eval.corruptions names nothing: clean pictures alone are tested");
        }
        let channel_order = eval.channel_order.parse().context("eval.channel_order was checked")?;
        let suite = suite(&eval.suite, frost, &eval.corruptions)?.in_order(channel_order);
        let severities = eval.severities.iter().map(|&severity| Severity::new(severity));
        Ok(TestProtocol {
            corruptions: suite.select(&eval.corruptions)?.iter().map(|c| c.name().to_owned()).collect(),
            suite,
            severities: severities.collect::<Result<_, _>>()?,
            view: eval.view.parse().context("eval.view was checked")?,
            corruption_place: eval.corrupt.parse().context("eval.corrupt was checked")?,
            master_seed: eval.first_seed(),
            limit: eval.limit,
        })
    }

    /// The same for a corrupted set.
    pub fn protocol(&self) -> Protocol<'_> {
        Protocol {
            suite: &self.suite,
            corruptions: &self.corruptions,
            severities: &self.severities,
            view: self.view,
            corruption_place: self.corruption_place,
            master_seed: self.master_seed,
        }
    }

    /// How many pictures of a list of `listed` are tested.
    pub fn pictures(&self, listed: usize) -> usize {
        first_of(self.limit, listed)
    }
}

/// How many of `listed` a limit allows; 0 is no limit.
pub(crate) fn first_of(limit: usize, listed: usize) -> usize {
    if limit == 0 { listed } else { limit.min(listed) }
}
