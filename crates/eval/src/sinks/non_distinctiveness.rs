//! END, expected non-distinctiveness: how strongly background and one class are predicted at the same pixel.

use crate::{Error, Observation, Result, Sink};
use scribe_model::ScoreSpace;
use scribe_records::{Key, Mode, NonDistinctiveness, Unit};

/// Sums END's two products over all pixels, where a mode gives logits.
pub(crate) struct NonDistinctivenessSink<'a> {
    pub modes: &'a [Mode],
}

impl Sink for NonDistinctivenessSink<'_> {
    fn wants_scores(&self, key: &Key) -> bool {
        self.modes.contains(&key.mode)
    }

    fn observe(&self, key: &Key, seen: &Observation<'_>, unit: &mut Unit) -> Result<()> {
        let logits = matches!(seen.prediction.space, ScoreSpace::Logit | ScoreSpace::RebuildBackground);
        let (true, true, Some(scores)) = (self.wants_scores(key), logits, &seen.prediction.scores) else {
            return Ok(());
        };
        let mut end = NonDistinctiveness::default();
        let counted = end.add_image(scores, seen.class_count, seen.prediction.class_map.len());
        counted.map_err(|source| Error::Count { key: Box::new(key.clone()), source })?;
        unit.non_distinctiveness.push((key.series(), end));
        Ok(())
    }
}
