//! A predictor that knows other classes than those that are scored.

use crate::{Picture, Prediction, Predictor, PredictorError, Wants};
use scribe_model::{Inference, ScoreSpace};
use scribe_records::VOID;

/// A predictor whose classes are brought to those that are scored, one by one.
///
/// The class of a pixel is the one that its predicted class maps to. It has no scores: those of classes that are scored
/// do not follow from them in general, so only confusions are counted.
pub struct Mapped<'a> {
    inner: &'a dyn Predictor,
    /// The scored class of each class of the predictor, or 255.
    table: Vec<u8>,
    class_count: usize,
}

impl<'a> Mapped<'a> {
    /// The predictor, of whose classes each becomes what `table` has in its place, a class below `class_count`; pixels of a
    /// class without one are counted apart and scored nowhere.
    ///
    /// # Panics
    /// If the table is not one of the predictor's classes and of `class_count` classes, which is a mistake in the program
    /// and not in its input.
    #[must_use]
    pub fn new(inner: &'a dyn Predictor, table: &[Option<usize>], class_count: usize) -> Mapped<'a> {
        assert_eq!(table.len(), inner.class_count(), "an entry for each class of the predictor");
        let fits = |class: &Option<usize>| class.is_none_or(|class| class < class_count.min(255));
        assert!(table.iter().all(fits), "{table:?} for {class_count} classes");
        let table = table.iter().map(|class| class.map_or(VOID, |class| class as u8)).collect();
        Mapped { inner, table, class_count }
    }
}

impl Predictor for Mapped<'_> {
    fn class_count(&self) -> usize {
        self.class_count
    }

    fn own_space(&self) -> ScoreSpace {
        self.inner.own_space()
    }

    fn may_ignore(&self) -> bool {
        self.table.contains(&VOID)
    }

    fn predict(
        &self,
        pictures: &[Picture<'_>],
        how: &Inference,
        _: &dyn Fn(usize) -> Wants,
    ) -> Result<Vec<Prediction>, PredictorError> {
        let nothing = |_| Wants { scores: false, moments: false };
        let predicted = self.inner.predict(pictures, how, &nothing)?;
        let mapped = |one: Prediction| {
            let known = |class: &u8| self.table.get(usize::from(*class)).copied();
            let class_map: Option<Vec<u8>> = one.class_map.iter().map(known).collect();
            let count = self.table.len();
            class_map
                .map(Prediction::of_classes)
                .ok_or_else(|| format!("a predicted class is beyond the {count} of the predictor").into())
        };
        predicted.into_iter().map(mapped).collect()
    }
}
