//! The measures, and how each is computed from sums.

use super::selective::{adaptive_ece, aurc, false_passes};
use super::sums::{Side, centred};
use super::{Kind, bins_of, class_mean_covariance, pixel_covariance};
use crate::spectrum::{Channels, Spectrum, SpectrumOf};
use scribe_records::Probability;

/// A number made of sums over pixels. METHODOLOGY.md defines each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Measure {
    /// exp of the entropy of the explained-variance shares.
    EffectiveRank(SpectrumOf, Channels),
    /// (sum l)^2 / sum l^2 of the eigenvalues.
    ParticipationRatio(SpectrumOf, Channels),
    /// Components that reach 90 % of the variance.
    To90(SpectrumOf, Channels),
    /// Components that reach 95 % of the variance.
    To95(SpectrumOf, Channels),
    /// Linear CKA of the clean and the corrupted foreground logits, in [0, 1].
    Cka,
    /// Expected calibration error of the softmax, in [0, 1].
    Ece,
    /// Brier score of the softmax, in [0, 2].
    Brier,
    /// Expected calibration error of the sigmoids, in [0, 1].
    SigmoidEce,
    /// Brier score of the sigmoids, in [0, K].
    SigmoidBrier,
    /// A number of the half of the pictures that no temperature was fitted on.
    Scored(Scored, Probability),
    /// END with the background's softmax probability (the joint form, mode 1 of the IBE package), in [0, 1].
    NonDistinctivenessJoint,
    /// END with the background against the highest foreground logit (the pairwise form, mode 2 of the IBE package), in [0, 1].
    NonDistinctivenessPairwise,
}

/// What is measured on the half of the pictures that no temperature was fitted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Scored {
    /// Expected calibration error as it is.
    Ece,
    /// Expected calibration error at the fitted temperature.
    EceAtTemperature,
    /// Brier score as it is.
    Brier,
    /// Brier score at the fitted temperature.
    BrierAtTemperature,
    /// Expected calibration error over bins of equally many pixels.
    AdaptiveEce,
    /// Area under the risk-coverage curve.
    Aurc,
    /// The share of wrong pixels that a threshold lets pass which 95 % of the right ones pass.
    FalsePassesAt95,
}

impl Scored {
    fn key(self) -> &'static str {
        match self {
            Scored::Ece => "ece_scored_half",
            Scored::EceAtTemperature => "ece_at_temperature",
            Scored::Brier => "brier_scored_half",
            Scored::BrierAtTemperature => "brier_at_temperature",
            Scored::AdaptiveEce => "adaptive_ece",
            Scored::Aurc => "aurc",
            Scored::FalsePassesAt95 => "fpr95",
        }
    }
}

impl Measure {
    /// The effective rank that the report calls "dimensions": pixel covariance, foreground channels.
    pub(crate) const DIMENSIONS: Measure =
        Measure::EffectiveRank(SpectrumOf::PixelCovariance, Channels::Foreground);

    /// The name in CSV.
    pub(crate) fn key(self) -> String {
        let of = |name: &str, of: SpectrumOf, channels: Channels| {
            let matrix = if of == SpectrumOf::PixelCovariance { "pixels" } else { "class_means" };
            let channels = if channels == Channels::Foreground { "foreground" } else { "all" };
            format!("{name}_{matrix}_{channels}")
        };
        match self {
            Measure::EffectiveRank(s, c) => of("effective_rank", s, c),
            Measure::ParticipationRatio(s, c) => of("participation_ratio", s, c),
            Measure::To90(s, c) => of("components_to_90", s, c),
            Measure::To95(s, c) => of("components_to_95", s, c),
            Measure::Cka => "cka_clean_corrupted".to_owned(),
            Measure::Ece => "ece".to_owned(),
            Measure::Brier => "brier".to_owned(),
            Measure::SigmoidEce => "ece_sigmoid".to_owned(),
            Measure::SigmoidBrier => "brier_sigmoid".to_owned(),
            Measure::Scored(scored, Probability::Softmax) => scored.key().to_owned(),
            Measure::Scored(scored, Probability::Sigmoid) => format!("{}_sigmoid", scored.key()),
            Measure::NonDistinctivenessJoint => "end_joint".to_owned(),
            Measure::NonDistinctivenessPairwise => "end_pairwise".to_owned(),
        }
    }
}

/// All measures that follow from sums of one kind; those that are undefined are left out. `size` is K or the number
/// of bins, and `first` the index of the first channel that is not the background's.
pub(crate) fn measures_of(kind: Kind, size: usize, sums: &[f64], first: usize) -> Vec<(Measure, f64)> {
    match kind {
        Kind::Pixels => both(SpectrumOf::PixelCovariance, first, |skip| pixel_covariance(sums, size, skip)),
        Kind::ClassMeans => {
            both(SpectrumOf::ClassMeans, first, |skip| class_mean_covariance(sums, size, skip).ok())
        }
        Kind::CleanCorrupted => cka(sums, size, first).map(|x| (Measure::Cka, x)).into_iter().collect(),
        Kind::Softmax => calibration(sums, size, Measure::Ece, Measure::Brier),
        Kind::Sigmoid => calibration(sums, size, Measure::SigmoidEce, Measure::SigmoidBrier),
        Kind::Scored => scored(sums, size, Probability::Softmax),
        Kind::SigmoidScored => scored(sums, size, Probability::Sigmoid),
        Kind::NonDistinctiveness => match sums {
            [n, joint, pairwise] if *n > 0.0 => {
                vec![
                    (Measure::NonDistinctivenessJoint, joint / n),
                    (Measure::NonDistinctivenessPairwise, pairwise / n),
                ]
            }
            _ => Vec::new(),
        },
    }
}

/// Linear CKA ||C_xy||^2 / (||C_xx|| ||C_yy||) with centred Frobenius norms (Kornblith et al. 2019, eq. 4 in its
/// feature form), of [`Kind::CleanCorrupted`] sums without the first `skip` channels; `None` where either side does
/// not vary beyond rounding (a variance of at most 1e-9 of the mean square in every channel).
pub(crate) fn cka(sums: &[f64], k: usize, skip: usize) -> Option<f64> {
    let (n, rest) = sums.split_first().filter(|(n, _)| **n > 0.0)?;
    let (x, rest) = rest.split_at(k);
    let (y, rest) = rest.split_at(k);
    let products = |at: usize| &rest[at * k * k..][..k * k];
    let (x, y) = (Side::new(*n, x, products(0)), Side::new(*n, y, products(1)));
    let norm = |a: &Side<'_>, b: &Side<'_>, at: usize| centred(*n, a, b, products(at), skip).norm();
    let (xx, yy, xy) = (norm(&x, &x, 0), norm(&y, &y, 1), norm(&x, &y, 2));
    (xx > 0.0 && yy > 0.0).then(|| (xy * xy / (xx * yy)).min(1.0))
}

fn both(
    of: SpectrumOf,
    first: usize,
    matrix: impl Fn(usize) -> Option<nalgebra::DMatrix<f64>>,
) -> Vec<(Measure, f64)> {
    let mut out = Vec::new();
    for (channels, skip) in [(Channels::All, 0), (Channels::Foreground, first)] {
        let Some(s) = matrix(skip).and_then(|m| Spectrum::of(&m).ok()) else { continue };
        let whole = |n: usize| n as f64;
        let found = [
            (Measure::EffectiveRank(of, channels), s.effective_rank()),
            (Measure::ParticipationRatio(of, channels), s.participation_ratio()),
            (Measure::To90(of, channels), s.components_to(0.90).map(whole)),
            (Measure::To95(of, channels), s.components_to(0.95).map(whole)),
        ];
        out.extend(found.into_iter().filter_map(|(m, x)| Some((m, x?))));
    }
    out
}

fn scored(sums: &[f64], bins: usize, probability: Probability) -> Vec<(Measure, f64)> {
    let of = |scored: Scored| Measure::Scored(scored, probability);
    let (plain, rest) = sums.split_at(3 * bins + 2);
    let (scaled, fine) = rest.split_at(3 * bins + 2);
    let mut found = calibration(plain, bins, of(Scored::Ece), of(Scored::Brier));
    found.extend(calibration(scaled, bins, of(Scored::EceAtTemperature), of(Scored::BrierAtTemperature)));
    let fine: Vec<[f64; 3]> = bins_of(fine, fine.len() / 3).collect();
    let ordered = [
        (Scored::AdaptiveEce, adaptive_ece(&fine, bins)),
        (Scored::Aurc, aurc(&fine)),
        (Scored::FalsePassesAt95, false_passes(&fine, 0.95)),
    ];
    found.extend(ordered.into_iter().filter_map(|(scored, x)| Some((of(scored), x?))));
    found
}

fn calibration(sums: &[f64], bins: usize, ece: Measure, brier: Measure) -> Vec<(Measure, f64)> {
    let [.., pixels, squares] = sums else { return Vec::new() };
    if *pixels <= 0.0 {
        return Vec::new();
    }
    // |correct - confidence| of a bin's sums is the bin's share times |accuracy - mean confidence|, times all pixels.
    let gap: f64 = bins_of(sums, bins).map(|[_, right, confidence]| (right - confidence).abs()).sum();
    vec![(ece, gap / pixels), (brier, squares / pixels)]
}
