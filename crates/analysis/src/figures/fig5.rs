//! Figure 5: mIoU against severity, over the paper's corruptions, one panel a mode.

use crate::bootstrap::{Bootstrap, Resampled, mean_band};
use crate::names::COLUMNS;
use crate::summary::{ModeChoice, ModelResults, Quantity, Results};
use scribe_records::Condition;

/// One point of a line; severity 0 is the clean set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SeverityPoint {
    /// 0 to 5.
    pub(crate) severity: u8,
    /// Mean mIoU over the corruptions, in [0, 1].
    pub(crate) mean: f64,
    /// Ends of the band over corruptions; `None` where there are fewer than two (severity 0).
    pub(crate) band: Option<(f64, f64)>,
    /// Ends of the bootstrap interval over pictures (and training seeds): the uncertainty of the model's mean.
    pub(crate) interval: Option<(f64, f64)>,
}

/// One model in one mode.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SeverityLine {
    /// The model's name.
    pub(crate) model: String,
    /// Its position in the view.
    pub(crate) position: usize,
    /// The results of one mode.
    pub(crate) mode_choice: ModeChoice,
    /// The points, ascending in severity.
    pub(crate) points: Vec<SeverityPoint>,
}

/// Figure 5 as data.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fig5 {
    /// The lines: mode, then model.
    pub(crate) lines: Vec<SeverityLine>,
    /// How the bands were made.
    pub(crate) bootstrap: Bootstrap,
}

/// Figure 5; `None` when nothing was measured.
///
/// The band is a bootstrap interval of the mean over corruptions, as seaborn draws it for the authors: a spread over
/// corruptions, not an uncertainty of the model. The uncertainty of the model is [`SeverityPoint::interval`].
pub(crate) fn fig5(results: &Results<'_>, how: &Bootstrap, resampled: &Resampled) -> Option<Fig5> {
    let mut lines = Vec::new();
    for mode_choice in ModeChoice::held_by(results.view()) {
        for (position, of) in results.all(mode_choice).enumerate() {
            let points: Vec<SeverityPoint> = (0..=5).filter_map(|s| point(of, s, how, resampled)).collect();
            if !points.is_empty() {
                lines.push(SeverityLine { model: of.title(), position, mode_choice, points });
            }
        }
    }
    (!lines.is_empty()).then_some(Fig5 { lines, bootstrap: *how })
}

fn point(
    of: &ModelResults<'_>,
    severity: u8,
    how: &Bootstrap,
    resampled: &Resampled,
) -> Option<SeverityPoint> {
    let quantity = if severity == 0 { Quantity::Clean } else { Quantity::Severity(severity) };
    let mean = of.value(quantity)?;
    let interval = resampled.interval(of, quantity).map(|i| (i.low, i.high));
    if severity == 0 {
        return Some(SeverityPoint { severity, mean, band: None, interval });
    }
    let values: Vec<f64> =
        COLUMNS.iter().filter_map(|c| of.at(&Condition::new(c.name, severity).ok()?)).collect();
    let band = mean_band(&values, how).map(|b| (b.low, b.high));
    Some(SeverityPoint { severity, mean, band, interval })
}
