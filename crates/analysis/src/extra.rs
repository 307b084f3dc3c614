//! What a report shows beyond the store: it comes from whoever ran the stages.

/// A named line, for example one model's training loss by step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// The name in the legend.
    pub name: String,
    /// (step, value), ascending in step.
    pub points: Vec<(f64, f64)>,
}

/// Additions to a report; everything may be empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReportExtra {
    /// The heading; empty for the default one.
    pub title: String,
    /// Training losses.
    pub losses: Vec<Curve>,
    /// Sentences for the "read this first" list.
    pub notes: Vec<String>,
    /// Stage and its seconds. Given from outside, since nothing here reads a clock; left out of a report that must be
    /// byte-identical to another.
    pub durations: Vec<(String, f64)>,
    /// Commands that reproduce the run, one a line.
    pub commands: Vec<String>,
    /// How many resamples the intervals take; `None` for [`crate::Bootstrap::STANDARD`].
    pub resamples: Option<usize>,
    /// Id or name of the model against which corruption errors are taken; `None` for the Baseline, else the first model.
    pub reference: Option<String>,
    /// The class of Figure 3; `None` for the one most often predicted.
    pub fig3_class: Option<String>,
    /// The picture of Figure 6; `None` for the one with most stored conditions.
    pub fig6_image: Option<String>,
}
