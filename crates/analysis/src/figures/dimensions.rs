//! Beyond the paper: dimensionality and clean-corrupted similarity by severity, and dimensionality against the drop
//! in mIoU.

use crate::bootstrap::Interval;
use crate::measures::{Measure, Measured};
use crate::names::position;
use crate::view::View;
use crate::wiggle::Wiggle;
use scribe_records::{Condition, Mode};

/// A measure by severity, one model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MeasureLine {
    /// The model's name.
    pub(crate) model: String,
    /// Its position in the view.
    pub(crate) position: usize,
    /// Severity and the mean over corruptions; severity 0 is the clean set.
    pub(crate) points: Vec<(u8, Interval)>,
}

/// The conditions of one model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cloud {
    /// The model's name.
    pub(crate) model: String,
    /// Its position in the view.
    pub(crate) position: usize,
    /// Effective rank and drop in mIoU (a fraction), one entry a condition.
    pub(crate) points: Vec<(f64, f64)>,
}

/// The figure as data; a part that the store has nothing for is empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dimensions {
    /// Effective rank of the foreground logits by severity.
    pub(crate) ranks: Vec<MeasureLine>,
    /// Effective rank against the drop in mIoU.
    pub(crate) clouds: Vec<Cloud>,
    /// Linear CKA of clean and corrupted logits by severity.
    pub(crate) cka: Vec<MeasureLine>,
}

/// The figure for one mode; `None` when nothing but the clean set could be shown.
pub(crate) fn dimensions(wiggle: &Wiggle<'_>, measured: &Measured, mode: &Mode) -> Option<Dimensions> {
    let view = wiggle.view();
    let cloud = |(position, model): (usize, &scribe_records::ModelId)| {
        let points = wiggle.points(Measure::DIMENSIONS, model, None);
        let points: Vec<(f64, f64)> = points.iter().map(|p| (p.measure, p.drop)).collect();
        (!points.is_empty()).then(|| Cloud { model: view.title(model), position, points })
    };
    let clouds: Vec<Cloud> = view.models.iter().enumerate().filter_map(cloud).collect();
    let figure = Dimensions {
        ranks: lines(view, measured, mode, Measure::DIMENSIONS),
        clouds,
        cka: lines(view, measured, mode, Measure::Cka),
    };
    (!figure.clouds.is_empty() || !figure.cka.is_empty()).then_some(figure)
}

/// A measure of every model by severity; models without it are left out.
pub(crate) fn lines(view: &View, measured: &Measured, mode: &Mode, measure: Measure) -> Vec<MeasureLine> {
    let line = |(at, model): (usize, &scribe_records::ModelId)| {
        let point = |s: u8| Some((s, measured.mean(model, mode, &at_severity(view, s), measure)?));
        let points: Vec<(u8, Interval)> = (0..=5).filter_map(point).collect();
        (!points.is_empty()).then(|| MeasureLine { model: view.title(model), position: at, points })
    };
    view.models.iter().enumerate().filter_map(line).collect()
}

/// The paper's corruptions at a severity; 0 is clean.
pub(crate) fn at_severity(view: &View, severity: u8) -> Vec<Condition> {
    if severity == 0 {
        return vec![Condition::clean()];
    }
    let paper = |c: &Condition| c.severity == severity && position(&c.corruption).is_some();
    view.corrupted().into_iter().filter(paper).collect()
}
