//! Everything that is counted of one prediction, as `scribe eval` counts it.

use super::prediction::Prediction;
use crate::errors::wrong;
use pyo3::PyResult;
use pyo3::exceptions::PyValueError;
use scribe_records::{
    Calibration, Condition, Confusion, CorruptionInfo, CrossMoments, LogitMoments, MOST_BY_CLASS,
    MomentDetail, NonDistinctiveness, Probability, Result, Series, SparseConfusion, TemperatureSweep,
    TemperatureSweeps, Unit, is_fitted_on,
};
use std::collections::BTreeSet;

/// What can be counted besides confusions, under the names of recipes.
const NAMES: [&str; 5] = ["moments", "cross_moments", "calibration", "temperatures", "non_distinctiveness"];

/// What is counted of every prediction.
pub(super) struct Counting {
    pub class_count: usize,
    /// Whether pixels may be predicted as a class that is scored nowhere.
    pub may_ignore: bool,
    series: Series,
    records: BTreeSet<String>,
    bins: usize,
    /// Of many classes, cross-moments are summed at one severity only, since they are large.
    middle: u8,
}

impl Counting {
    /// `severities` are those that the loop will show.
    ///
    /// # Errors
    /// A name of `records` is unknown, a severity is not 1 to 5, or there are no bins.
    pub(super) fn new(
        (class_count, may_ignore): (usize, bool),
        series: Series,
        records: &[String],
        bins: usize,
        severities: &[u8],
    ) -> PyResult<Counting> {
        if let Some(name) = records.iter().find(|name| !NAMES.contains(&name.as_str())) {
            let known = NAMES.join(", ");
            return Err(PyValueError::new_err(format!("records: {name:?} (expected some of {known})")));
        }
        let severities: BTreeSet<u8> = severities.iter().copied().collect();
        if let Some(wrong) = severities.iter().find(|severity| !(1..=5).contains(*severity)) {
            return Err(PyValueError::new_err(format!("severities: {wrong} (expected 1 to 5)")));
        }
        if !(1..=1000).contains(&bins) {
            return Err(PyValueError::new_err(format!("calibration_bins: {bins} (expected 1 to 1000)")));
        }
        // As `scribe_eval::MomentsWanted::across` chooses: the median, the lower one of two.
        let middle = severities.iter().nth(severities.len().saturating_sub(1) / 2).copied();
        let records = records.iter().cloned().collect();
        Ok(Counting { class_count, may_ignore, series, records, bins, middle: middle.unwrap_or(0) })
    }

    /// Whether logits are compared with those of the clean picture.
    pub(super) fn compares(&self) -> bool {
        self.counts("cross_moments")
    }

    /// Counts a prediction. `clean` are the logits of the same picture without corruption, where they are at hand.
    ///
    /// # Errors
    /// The clean logits are missing that corrupted ones are compared with.
    pub(super) fn count(
        &self,
        labels: &[u8],
        prediction: &Prediction<'_>,
        clean: Option<&[f32]>,
        unit: &mut Unit,
    ) -> PyResult<()> {
        self.confusion(labels, &prediction.classes, unit).map_err(|error| wrong(&error))?;
        let Some(logits) = &prediction.logits else { return Ok(()) };
        self.scores(labels, &prediction.classes, logits, unit).map_err(|error| wrong(&error))?;
        if !self.compared_at(&unit.input.condition) {
            return Ok(());
        }
        let Some(clean) = clean.filter(|clean| clean.len() == logits.len()) else {
            return Err(PyValueError::new_err(format!(
                "{} of {}: its logits are compared with those of the clean prediction, which was not the last clean one \
                 (expected for each image the clean prediction and then its corrupted ones, before the next image; a loop \
                 over conditions leaves \"cross_moments\" out of `records`)",
                unit.input.condition, unit.input.image_id
            )));
        };
        let mut cross = CrossMoments::new(self.class_count);
        cross.add(clean, logits).map_err(|error| wrong(&error))?;
        unit.cross_moments.push((self.series.clone(), cross));
        Ok(())
    }

    fn counts(&self, what: &str) -> bool {
        self.records.contains(what)
    }

    fn compared_at(&self, condition: &Condition) -> bool {
        let one_of_all = self.class_count <= MOST_BY_CLASS || condition.severity == self.middle;
        let made = !condition.is_clean() && !CorruptionInfo::is_name_of_given(&condition.corruption);
        self.compares() && made && one_of_all
    }

    fn confusion(&self, labels: &[u8], classes: &[u8], unit: &mut Unit) -> Result<()> {
        let mut confusion = Confusion::new(self.class_count);
        let add = if self.may_ignore { Confusion::add_mapped } else { Confusion::add };
        add(&mut confusion, labels, classes)?;
        unit.confusions.push((self.series.clone(), SparseConfusion::try_from(&confusion)?));
        Ok(())
    }

    /// What needs this picture's logits alone.
    fn scores(&self, labels: &[u8], classes: &[u8], logits: &[f32], unit: &mut Unit) -> Result<()> {
        if self.counts("moments") {
            let detail = MomentDetail::kept(self.class_count, unit.input.condition.is_clean());
            let mut moments = LogitMoments::with_detail(self.class_count, detail);
            moments.add(logits, classes)?;
            unit.moments.push((self.series.clone(), moments));
        }
        if self.counts("calibration") {
            let mut calibration = Calibration::new(self.bins);
            let softmax = |row: &mut [f64]| Probability::Softmax.of_logits(row);
            calibration.add_image(logits, self.class_count, labels, classes, softmax)?;
            unit.calibrations.push((self.series.clone(), Probability::Softmax, calibration));
        }
        let fits = is_fitted_on(&unit.input.image_id);
        if self.counts("temperatures") && (unit.input.condition.is_clean() || !fits) {
            let mut sweep = TemperatureSweep::new(self.bins);
            let softmax = Probability::Softmax;
            if fits {
                sweep.fit_image(softmax, logits, self.class_count, labels)?;
            } else {
                sweep.score_image(softmax, logits, self.class_count, labels, classes)?;
            }
            unit.sweeps.push((self.series.clone(), TemperatureSweeps { of: vec![(softmax, sweep)] }));
        }
        if self.counts("non_distinctiveness") {
            let mut end = NonDistinctiveness::default();
            end.add_image(logits, self.class_count, classes.len())?;
            unit.non_distinctiveness.push((self.series.clone(), end));
        }
        Ok(())
    }
}
