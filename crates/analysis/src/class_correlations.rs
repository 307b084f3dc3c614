//! Figure 3 in numbers: how the logit of the predicted class moves with the others, and how those move with each other.

use crate::correlation::{Centering, autocorrelation, defined};
use crate::summary::mean;
use crate::view::{Cell, View};
use nalgebra::DMatrix;
use scribe_records::{Condition, LogitMoments, Mode, ModelId, MomentDetail};

/// The foreground channels of one network where it predicts one class, on the clean pictures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ClassCorrelation {
    /// The model.
    pub(crate) model: ModelId,
    /// The training seed.
    pub(crate) seed: u64,
    /// The predicted class; `None` for the mean over the classes that were predicted.
    pub(crate) class: Option<usize>,
    /// The pixels where it was predicted, all of them where `class` is `None`.
    pub(crate) pixels: u64,
    /// Whether the means are subtracted.
    pub(crate) centering: Centering,
    /// Mean entry between the class's own channel and the others, in [-1, 1]: 0 where they are orthogonal, or where signs
    /// cancel.
    pub(crate) with_others: f64,
    /// The mean of the same entries without their signs, in [0, 1]: 0 only where they are orthogonal.
    pub(crate) size_with_others: f64,
    /// Mean entry between two others, in [-1, 1].
    pub(crate) among_others: f64,
}

/// Every network, first the mean over its classes, then each foreground class that it predicts; first uncentred as the
/// authors' code, then centred. Empty without moments by class, and of fewer than three foreground classes.
pub(crate) fn class_correlations(view: &View) -> Vec<ClassCorrelation> {
    let clean = |cell: &Cell| cell.condition == Condition::clean();
    let mode = |model: &ModelId| {
        let held = |mode: &Mode| {
            view.moments.keys().any(|c| clean(c) && c.series.model == *model && c.series.mode == *mode)
        };
        Some(Mode::single()).filter(held).or_else(|| view.modes().into_iter().find(held))
    };
    let of_model = |model: &ModelId| -> Vec<ClassCorrelation> {
        let Some(mode) = mode(model) else { return Vec::new() };
        let own = |cell: &Cell| clean(cell) && cell.series.model == *model && cell.series.mode == mode;
        let cells = view.moments.iter().filter(|(cell, m)| own(cell) && m.detail() == MomentDetail::ByClass);
        cells.flat_map(|(cell, m)| of_network(view, model, cell.series.seed, m)).collect()
    };
    view.models.iter().flat_map(of_model).collect()
}

fn of_network(view: &View, model: &ModelId, seed: u64, m: &LogitMoments) -> Vec<ClassCorrelation> {
    let foreground = view.first_foreground()..m.channels();
    let of = |centering| -> Vec<ClassCorrelation> {
        let entry = |class: usize| {
            let matrix = autocorrelation(m, class, centering)?;
            let [with_others, size_with_others, among_others] =
                means(&matrix, class, view.first_foreground())?;
            let (model, pixels) = (model.clone(), m.count(class));
            Some(ClassCorrelation {
                model,
                seed,
                class: Some(class),
                pixels,
                centering,
                with_others,
                size_with_others,
                among_others,
            })
        };
        let classes: Vec<ClassCorrelation> = foreground.clone().filter_map(entry).collect();
        let over = |value: fn(&ClassCorrelation) -> f64| mean(classes.iter().map(value));
        let all = || {
            Some(ClassCorrelation {
                model: model.clone(),
                seed,
                class: None,
                pixels: classes.iter().map(|one| one.pixels).sum(),
                centering,
                with_others: over(|one| one.with_others)?,
                size_with_others: over(|one| one.size_with_others)?,
                among_others: over(|one| one.among_others)?,
            })
        };
        all().into_iter().chain(classes.clone()).collect()
    };
    [Centering::Uncentred, Centering::Centred].into_iter().flat_map(of).collect()
}

/// The mean entry between the class and the others, with and without signs, and between two others, of the foreground
/// channels; `None` where one of them has no defined entry.
fn means(matrix: &DMatrix<f64>, class: usize, first: usize) -> Option<[f64; 3]> {
    let others: Vec<usize> = (first..matrix.nrows()).filter(|c| *c != class).collect();
    let own = || others.iter().filter_map(|j| defined(matrix, class, *j));
    let pairs = others.iter().enumerate().flat_map(|(i, a)| others[..i].iter().map(move |b| (*a, *b)));
    Some([mean(own())?, mean(own().map(f64::abs))?, mean(pairs.filter_map(|(a, b)| defined(matrix, a, b)))?])
}
