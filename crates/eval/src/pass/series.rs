//! Every series of a pass.

use super::Pass;
use scribe_records::Series;

/// A series, and which entrant in which of its modes answers for it.
pub(crate) struct PassSeries {
    pub series: Series,
    /// Index into the pass's entrants.
    pub entrant: usize,
    /// Index into the entrant's modes.
    pub mode: usize,
}

impl Pass<'_> {
    /// The most images that a batch can have: it holds conditions of one image.
    pub(crate) fn largest_batch(&self) -> usize {
        self.batch.min(self.conditions.len()).max(1)
    }

    /// The series of every entrant, in order.
    pub(crate) fn series(&self) -> Vec<PassSeries> {
        let mut all = Vec::new();
        for (e, entrant) in self.entrants.iter().enumerate() {
            for (m, (mode, _)) in entrant.modes.iter().enumerate() {
                let series = Series::new(entrant.id.clone(), entrant.seed, mode.clone());
                all.push(PassSeries { series, entrant: e, mode: m });
            }
        }
        all
    }
}
