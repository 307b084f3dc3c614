//! What follows from the order of pixels by confidence: from fine bins, each (pixels, right pixels, sum of confidences),
//! ascending. The pixels of one bin come in random order.

/// Expected calibration error over `groups` groups of equally many pixels (adaptive calibration error of the top label,
/// Nixon et al. 2019). A bin that several groups share is divided in proportion. `None` without pixels.
pub(crate) fn adaptive_ece(bins: &[[f64; 3]], groups: usize) -> Option<f64> {
    let all: f64 = bins.iter().map(|bin| bin[0]).sum();
    let size = all / groups as f64;
    let (mut gaps, mut gap, mut held) = (0.0, 0.0f64, 0.0);
    for [pixels, right, confidence] in bins.iter().filter(|bin| bin[0] > 0.0) {
        let mut left = *pixels;
        while left > 0.0 {
            let taken = left.min(size - held);
            gap += taken / pixels * (right - confidence);
            (left, held) = (left - taken, held + taken);
            // The last of several parts may leave what rounding made.
            if size - held <= 1e-9 * size {
                gaps += gap.abs();
                (gap, held) = (0.0, 0.0);
            } else if left <= 1e-9 * size {
                break;
            }
        }
    }
    (all > 0.0).then(|| (gaps + gap.abs()) / all)
}

/// Area under the risk-coverage curve: the mean, over i = 1 to n, of the share of wrong ones among the i most confident
/// pixels (Geifman, Uziel and El-Yaniv 2019). `None` without pixels.
pub(crate) fn aurc(bins: &[[f64; 3]]) -> Option<f64> {
    let (mut before, mut wrong_before, mut area) = (0.0, 0.0, 0.0);
    for [pixels, right, _] in bins.iter().rev().filter(|bin| bin[0] > 0.0) {
        // The i-th pixel of the bin has risk (E + r i) / (N + i) on average; the sum over i in closed form.
        let rate = (pixels - right) / pixels;
        area +=
            rate * pixels + (wrong_before - rate * before) * (harmonic(before + pixels) - harmonic(before));
        (before, wrong_before) = (before + pixels, wrong_before + pixels - right);
    }
    (before > 0.0).then(|| area / before)
}

/// The share of wrong pixels whose confidence passes the threshold that the share `rate` of the right ones passes (FPR at 95 %
/// TPR; Hendrycks and Gimpel 2017): linear between the ends of the bin where the threshold is. `None` unless there are right
/// and wrong pixels.
pub(crate) fn false_passes(bins: &[[f64; 3]], rate: f64) -> Option<f64> {
    let right: f64 = bins.iter().map(|bin| bin[1]).sum();
    let wrong: f64 = bins.iter().map(|bin| bin[0] - bin[1]).sum();
    if right <= 0.0 || wrong <= 0.0 {
        return None;
    }
    let (mut passed, mut false_passed) = (0.0, 0.0);
    for bin in bins.iter().rev() {
        let needed = rate * right - passed;
        if bin[1] > 0.0 && bin[1] >= needed {
            return Some((false_passed + needed / bin[1] * (bin[0] - bin[1])) / wrong);
        }
        (passed, false_passed) = (passed + bin[1], false_passed + bin[0] - bin[1]);
    }
    Some(false_passed / wrong)
}

/// 1 + 1/2 + ... + 1/n for a whole number n.
fn harmonic(n: f64) -> f64 {
    const EULER: f64 = 0.577_215_664_901_532_9;
    if n < 32.0 {
        return (1..=n as u32).map(|i| 1.0 / f64::from(i)).sum();
    }
    // Euler and Maclaurin; the next term is below 1e-13.
    let square = 1.0 / (n * n);
    n.ln() + EULER + 0.5 / n - square * (1.0 / 12.0 - square * (1.0 / 120.0 - square / 252.0))
}
