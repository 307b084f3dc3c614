//! Several training seeds of one model: the value of each, the value of all together, and their spread.

use crate::summary::{ModelResults, Quantity, mean};

/// One number of a model, seed by seed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SeedSpread {
    /// Each seed with its value, ascending in the seed.
    pub(crate) values: Vec<(u64, f64)>,
    /// The value of all seeds, as tables show it: made of mIoUs that are means over the seeds. That is the mean of
    /// `values` except for ratios such as rPC, which are ratios of means and not means of ratios (METHODOLOGY.md).
    pub(crate) value: f64,
    /// The sample standard deviation of `values` (divided by n - 1); `None` for one seed.
    pub(crate) deviation: Option<f64>,
}

/// The results of one model next to those of each of its training seeds alone.
#[derive(Debug)]
pub(crate) struct SeedResults<'a, 'v> {
    all: &'a ModelResults<'v>,
    each: Vec<(u64, ModelResults<'v>)>,
}

impl<'a, 'v> SeedResults<'a, 'v> {
    /// Looks up the mIoUs of each seed.
    pub(crate) fn new(all: &'a ModelResults<'v>) -> SeedResults<'a, 'v> {
        let view = all.view();
        let of = |seed: u64| (seed, ModelResults::new(view, all.model(), all.mode_choice(), &|s| s == seed));
        SeedResults { all, each: view.seeds(all.model()).into_iter().map(of).collect() }
    }

    /// The values seed by seed; `None` where nothing was measured.
    pub(crate) fn spread(&self, quantity: Quantity<'_>) -> Option<SeedSpread> {
        let values: Vec<(u64, f64)> =
            self.each.iter().filter_map(|(seed, of)| Some((*seed, of.value(quantity)?))).collect();
        let center = mean(values.iter().map(|v| v.1))?;
        let squares: f64 = values.iter().map(|v| (v.1 - center).powi(2)).sum();
        let deviation = (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt());
        Some(SeedSpread { values, value: self.all.value(quantity)?, deviation })
    }
}
