//! Several training seeds of one model: each seed's value, the value of all of them, and their spread.

use crate::bootstrap::Over;
use crate::summary::Cells;
use crate::view::View;
use scribe_records::ModelId;

/// What the seeds of one model gave.
#[derive(Debug, Clone, PartialEq)]
pub struct SeedSpread {
    /// Each seed with its value, ascending in the seed.
    pub values: Vec<(u64, f64)>,
    /// The value of all seeds, as tables show it: made of mIoUs that are means over the seeds. That is the mean of `values`
    /// except for ratios such as rPC, which are ratios of means and not means of ratios (METHODOLOGY.md).
    pub value: f64,
    /// The sample standard deviation of `values` (divided by n - 1); `None` for one seed.
    pub deviation: Option<f64>,
}

/// The values of a model seed by seed; `None` where nothing was measured.
pub fn seed_spread(view: &View, model: &ModelId, cells: Cells, over: Over<'_>) -> Option<SeedSpread> {
    let of = |seed: u64| Some((seed, over.point(&view.one_seed(model, seed), model, cells)?));
    let values: Vec<(u64, f64)> = view.seeds(model).into_iter().filter_map(of).collect();
    let mean = crate::summary::mean(values.iter().map(|v| v.1))?;
    let squares: f64 = values.iter().map(|v| (v.1 - mean).powi(2)).sum();
    let deviation = (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt());
    Some(SeedSpread { values, value: over.point(view, model, cells)?, deviation })
}
