//! The numbers that are made of mIoU: mPC, rPC, CE, RR, means over groups and severities.
//!
//! mIoU is the mean IoU of one confusion over the whole set, void dropped, classes that occur neither in the labels
//! nor in the predictions left out. A cell of several training seeds is the mean over the seeds, one of
//! several draws of its corruption the mean over the draws. mPC is the mean over
//! corruptions and severities; rPC = mPC / clean; CE_c = sum_s (1 - mIoU) / sum_s (1 - mIoU_ref); RR_c = mean_s mIoU
//! / clean (Robo3D's definition).

mod mode_choice;
mod quantity;
mod results;

pub use mode_choice::ModeChoice;
pub use quantity::Quantity;
pub use results::{ModelResults, Results};

/// The mean; `None` of no value.
pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.into_iter().fold((0.0, 0usize), |(s, n), x| (s + x, n + 1));
    (n > 0).then(|| sum / n as f64)
}

/// Least-squares slope through points (x, y); `None` for fewer than two different x.
pub(crate) fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let x = mean(points.iter().map(|p| p.0))?;
    let y = mean(points.iter().map(|p| p.1))?;
    let spread: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    (spread > 0.0).then(|| points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>() / spread)
}

fn ratio(a: f64, b: f64) -> Option<f64> {
    (b > 0.0).then(|| a / b)
}
