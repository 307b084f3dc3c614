//! Everything that is counted of one prediction, as `scribe eval` counts it.

use super::wrong;
use pyo3::PyResult;
use pyo3::exceptions::PyValueError;
use scribe_records::{
    Calibration, Condition, Confusion, CrossMoments, Input, LogitMoments, MOST_BY_CLASS, MomentDetail,
    NonDistinctiveness, Probability, Series, SparseConfusion, Unit,
};

/// Bins of confidence, as in scribe's recipes.
const BINS: usize = 15;

/// Of many classes, cross-moments are summed at one severity only, since they are large: the middle one.
const MIDDLE: u8 = 3;

/// What a network answered for every pixel.
#[derive(Clone, Copy)]
pub(super) enum Prediction<'a> {
    /// The class.
    Classes(&'a [u8]),
    /// The logits, one plane for each class.
    Logits(&'a [f32]),
}

/// The unit of one prediction. `clean` are the logits of the same image without corruption, where they are at hand.
///
/// # Errors
/// A value is not a class, the planes do not fit, or the clean logits are missing that corrupted ones are compared with.
pub(super) fn unit(
    input: Input,
    series: &Series,
    class_count: usize,
    truth: &[u8],
    prediction: &Prediction<'_>,
    clean: Option<&[f32]>,
) -> PyResult<Unit> {
    let condition = input.condition.clone();
    let mut unit = Unit::new(input);
    let classes = match prediction {
        Prediction::Classes(classes) => (*classes).to_vec(),
        Prediction::Logits(logits) => argmax(logits, truth.len()),
    };
    let mut confusion = Confusion::new(class_count);
    let counted = confusion.add(truth, &classes).and_then(|()| SparseConfusion::try_from(&confusion));
    unit.confusions.push((series.clone(), counted.map_err(|error| wrong(&error))?));
    if let Prediction::Logits(logits) = prediction {
        let image = Image { class_count, truth, classes: &classes, logits };
        image.scores(&condition, series, &mut unit).map_err(|error| wrong(&error))?;
        if compares(class_count, &condition) {
            let Some(clean) = clean.filter(|clean| clean.len() == logits.len()) else {
                return Err(PyValueError::new_err(format!(
                    "{condition} of {}: its logits are compared with the clean ones (expected the clean prediction of the \
                     image before its corrupted ones, and the images one after another)",
                    unit.input.image_id
                )));
            };
            let mut cross = CrossMoments::new(class_count);
            cross.add(clean, logits).map_err(|error| wrong(&error))?;
            unit.cross_moments.push((series.clone(), cross));
        }
    }
    Ok(unit)
}

/// Whether the logits under a condition are compared with the clean ones.
fn compares(class_count: usize, condition: &Condition) -> bool {
    !condition.is_clean() && (class_count <= MOST_BY_CLASS || condition.severity == MIDDLE)
}

/// One image with its logits.
struct Image<'a> {
    class_count: usize,
    truth: &'a [u8],
    classes: &'a [u8],
    logits: &'a [f32],
}

impl Image<'_> {
    /// Counts what needs this image's logits alone.
    fn scores(&self, condition: &Condition, series: &Series, unit: &mut Unit) -> scribe_records::Result<()> {
        let detail = MomentDetail::kept(self.class_count, condition.is_clean());
        let mut moments = LogitMoments::with_detail(self.class_count, detail);
        moments.add(self.logits, self.classes)?;
        unit.moments.push((series.clone(), moments));
        let mut calibration = Calibration::new(BINS);
        let softmax = |row: &mut [f64]| Probability::Softmax.of_logits(row);
        calibration.add_image(self.logits, self.class_count, self.truth, self.classes, softmax)?;
        unit.calibrations.push((series.clone(), Probability::Softmax, calibration));
        let mut end = NonDistinctiveness::default();
        end.add_image(self.logits, self.class_count, self.classes.len())?;
        unit.non_distinctiveness.push((series.clone(), end));
        Ok(())
    }
}

/// The largest class of each pixel; the first one wins a tie.
fn argmax(logits: &[f32], pixels: usize) -> Vec<u8> {
    let mut classes = vec![0; pixels];
    let mut largest = logits[..pixels.min(logits.len())].to_vec();
    for (class, plane) in logits.chunks_exact(pixels.max(1)).enumerate().skip(1) {
        for ((best, chosen), &value) in largest.iter_mut().zip(&mut classes).zip(plane) {
            if value > *best {
                (*best, *chosen) = (value, class as u8);
            }
        }
    }
    classes
}
