//! What a report shows in addition to the store's content, and the choices of its reader.

use crate::gate::GateResult;

/// A named line, for example one model's training loss by step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// The name in the legend.
    pub name: String,
    /// (step, value), ascending in step.
    pub points: Vec<(f64, f64)>,
}

/// Additions to a report and choices for it; everything may be empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReportExtra {
    /// The heading; empty for the default one.
    pub title: String,
    /// Training losses.
    pub losses: Vec<Curve>,
    /// Sentences for the list of what the numbers do not say.
    pub notes: Vec<String>,
    /// Each stage and how many seconds it took. Leave it empty where two reports must have the same bytes.
    pub durations: Vec<(String, f64)>,
    /// Commands that reproduce the run, one a line.
    pub commands: Vec<String>,
    /// The verdicts on the thresholds that the report shows.
    pub gate: Option<GateResult>,
    /// The number of resamples for intervals; `None` for [`crate::Bootstrap::STANDARD`].
    pub resamples: Option<usize>,
    /// How many neighbouring pictures are drawn together ([`crate::Bootstrap::sequence`]); `None` for one.
    pub sequence: Option<usize>,
    /// Id or name of the reference model of corruption errors; `None` for the Baseline or, without one, the first
    /// model.
    pub reference: Option<String>,
    /// The class of Figure 3; `None` for the one that is predicted most often.
    pub fig3_class: Option<String>,
    /// The picture of Figure 6; `None` for the one that is stored under most conditions.
    pub fig6_image: Option<String>,
}
