//! The measures that a threshold can name.

use crate::conventions::Convention;
use crate::measures::{Kind, Measure as LogitMeasure, Scored};
use crate::spectrum::{Channels, SpectrumOf};
use scribe_records::Probability;

/// In what unit a measure is printed and bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Percent, and percent points.
    Percent,
    /// As in `measures.csv`.
    Own,
}

impl Unit {
    /// What a value is multiplied by before it is printed or compared with a bound.
    pub(crate) fn scale(self) -> f64 {
        if self == Unit::Percent { 100.0 } else { 1.0 }
    }

    /// The decimals in which it is printed.
    pub(crate) fn decimals(self) -> usize {
        if self == Unit::Percent { 2 } else { 4 }
    }
}

/// A measure of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Measure {
    /// A number made of counts.
    Convention(Convention),
    /// VOC's mIoU under the conditions divided by the clean one.
    Rpc,
    /// The least-squares slope over severities.
    Slope,
    /// The lowest mean over severities of a corruption.
    WorstCorruption,
    /// The corruption error against a reference model.
    CorruptionError,
    /// A number made of logits, whose intervals draw blocks of images.
    Logits(LogitMeasure),
}

/// The names that are not those of a convention or of `measures.csv`.
const NAMED: [(&str, Measure); 6] = [
    ("iou", Measure::Convention(Convention::Voc)),
    ("mpc", Measure::Convention(Convention::Voc)),
    ("rpc", Measure::Rpc),
    ("slope", Measure::Slope),
    ("worst_corruption", Measure::WorstCorruption),
    ("mce", Measure::CorruptionError),
];

impl Measure {
    /// The measure of a name, in whatever case; `-` may stand for `_`.
    pub(super) fn named(name: &str) -> Option<Measure> {
        let name = name.to_ascii_lowercase().replace('-', "_");
        let convention = Convention::ALL.into_iter().find(|c| c.key() == name).map(Measure::Convention);
        let named = || NAMED.into_iter().find(|(own, _)| *own == name).map(|(_, measure)| measure);
        let logits = || of_logits().into_iter().find(|m| m.key() == name).map(Measure::Logits);
        convention.or_else(named).or_else(logits)
    }

    /// Every name, for messages.
    pub(super) fn names() -> Vec<String> {
        let conventions = Convention::ALL.into_iter().map(|c| c.key().to_owned());
        let named = NAMED.into_iter().map(|(name, _)| name.to_owned());
        conventions.chain(named).chain(of_logits().into_iter().map(LogitMeasure::key)).collect()
    }

    /// The unit in which it is printed.
    pub(crate) fn unit(self) -> Unit {
        if matches!(self, Measure::Logits(_)) { Unit::Own } else { Unit::Percent }
    }

    /// 1 where higher is better, -1 where lower is; `None` where neither is.
    pub(super) fn direction(self) -> Option<f64> {
        use LogitMeasure::{Brier, Ece, NonDistinctivenessJoint, NonDistinctivenessPairwise};
        use LogitMeasure::{SigmoidBrier, SigmoidEce};
        match self {
            Measure::CorruptionError => Some(-1.0),
            Measure::Logits(Ece | Brier | SigmoidEce | SigmoidBrier | LogitMeasure::Scored(..)) => Some(-1.0),
            Measure::Logits(NonDistinctivenessJoint | NonDistinctivenessPairwise) => Some(-1.0),
            Measure::Logits(_) => None,
            _ => Some(1.0),
        }
    }

    /// Between which numbers all of its values lie, as they are printed; `None` where one side is open.
    pub(super) fn range(self) -> Option<[f64; 2]> {
        use LogitMeasure::{Ece, Scored as Half, SigmoidEce};
        match self {
            Measure::Convention(_) | Measure::WorstCorruption => Some([0.0, 100.0]),
            Measure::Logits(Ece | SigmoidEce) => Some([0.0, 1.0]),
            Measure::Logits(Half(Scored::Ece | Scored::EceAtTemperature | Scored::AdaptiveEce, _)) => {
                Some([0.0, 1.0])
            }
            Measure::Logits(Half(Scored::Aurc | Scored::FalsePassesAt95, _)) => Some([0.0, 1.0]),
            _ => None,
        }
    }

    /// Whether it has a value by class.
    pub(super) fn is_by_class(self) -> bool {
        match self {
            Measure::Convention(convention) => convention.is_by_class(),
            Measure::Rpc => true,
            _ => false,
        }
    }

    /// Whether it has a value under one condition, and so on clean images.
    pub(super) fn is_by_condition(self) -> bool {
        matches!(self, Measure::Convention(_) | Measure::Logits(_))
    }

    /// The sums that a measure of logits is made of.
    pub(super) fn sums(self) -> Option<Kind> {
        let Measure::Logits(measure) = self else { return None };
        Some(match measure {
            LogitMeasure::Cka => Kind::CleanCorrupted,
            LogitMeasure::Ece | LogitMeasure::Brier => Kind::Softmax,
            LogitMeasure::SigmoidEce | LogitMeasure::SigmoidBrier => Kind::Sigmoid,
            LogitMeasure::Scored(_, Probability::Softmax) => Kind::Scored,
            LogitMeasure::Scored(_, Probability::Sigmoid) => Kind::SigmoidScored,
            LogitMeasure::NonDistinctivenessJoint | LogitMeasure::NonDistinctivenessPairwise => {
                Kind::NonDistinctiveness
            }
            LogitMeasure::EffectiveRank(of, _)
            | LogitMeasure::ParticipationRatio(of, _)
            | LogitMeasure::To90(of, _)
            | LogitMeasure::To95(of, _) => match of {
                SpectrumOf::PixelCovariance => Kind::Pixels,
                SpectrumOf::ClassMeans => Kind::ClassMeans,
            },
        })
    }
}

/// Every measure of logits, in the order of METHODOLOGY.md.
fn of_logits() -> Vec<LogitMeasure> {
    let spectra = [SpectrumOf::PixelCovariance, SpectrumOf::ClassMeans];
    let each = |of| [Channels::All, Channels::Foreground].map(|channels| (of, channels));
    let of_spectra = spectra.into_iter().flat_map(each).flat_map(|(of, channels)| {
        [
            LogitMeasure::EffectiveRank(of, channels),
            LogitMeasure::ParticipationRatio(of, channels),
            LogitMeasure::To90(of, channels),
            LogitMeasure::To95(of, channels),
        ]
    });
    let others = [
        LogitMeasure::Cka,
        LogitMeasure::Ece,
        LogitMeasure::Brier,
        LogitMeasure::SigmoidEce,
        LogitMeasure::SigmoidBrier,
        LogitMeasure::NonDistinctivenessJoint,
        LogitMeasure::NonDistinctivenessPairwise,
    ];
    let scored = [
        Scored::Ece,
        Scored::EceAtTemperature,
        Scored::Brier,
        Scored::BrierAtTemperature,
        Scored::AdaptiveEce,
        Scored::Aurc,
        Scored::FalsePassesAt95,
    ];
    let kinds = [Probability::Softmax, Probability::Sigmoid];
    let of_half = kinds.into_iter().flat_map(|kind| scored.map(|s| LogitMeasure::Scored(s, kind)));
    others.into_iter().chain(of_half).chain(of_spectra).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_found_once() {
        let names = Measure::names();
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len());
        assert!(names.iter().all(|name| Measure::named(name).is_some()));
        assert_eq!(Measure::named("mIoU"), Some(Measure::Convention(Convention::Voc)));
        assert_eq!(Measure::named("class-accuracy"), Some(Measure::Convention(Convention::ClassAccuracy)));
        assert_eq!(Measure::named("fog"), None);
    }
}
