//! A number with its values under every resample, so that numbers made of several keep their draws together.

use super::Interval;

/// A number on the set itself, and under each resample.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sampled {
    /// The value on the set itself.
    pub(crate) value: f64,
    /// The value under each resample, in their order; NaN where a resample has none.
    pub(crate) draws: Vec<f64>,
}

impl Sampled {
    /// A number that is made of two others in the same way on the set and under each resample.
    pub(crate) fn with(&self, other: &Sampled, of: impl Fn(f64, f64) -> f64) -> Sampled {
        let draws = self.draws.iter().zip(&other.draws).map(|(a, b)| of(*a, *b)).collect();
        Sampled { value: of(self.value, other.value), draws }
    }

    /// The number times a factor.
    pub(crate) fn times(mut self, factor: f64) -> Sampled {
        self.value *= factor;
        self.draws.iter_mut().for_each(|draw| *draw *= factor);
        self
    }

    /// A number that is made of several others; `None` of none.
    pub(crate) fn of(all: &[Sampled], of: impl Fn(&[f64]) -> f64) -> Option<Sampled> {
        let draws = all.first()?.draws.len();
        let mut buffer = Vec::with_capacity(all.len());
        let mut at = |pick: &dyn Fn(&Sampled) -> f64| {
            buffer.clear();
            buffer.extend(all.iter().map(pick));
            of(&buffer)
        };
        Some(Sampled { value: at(&|s| s.value), draws: (0..draws).map(|r| at(&|s| s.draws[r])).collect() })
    }

    /// The mean of several numbers; `None` of none.
    pub(crate) fn mean(all: &[Sampled]) -> Option<Sampled> {
        Sampled::of(all, |values| values.iter().sum::<f64>() / values.len() as f64)
    }

    /// Its percentile interval; `level` is the coverage in (0, 1).
    pub(crate) fn interval(&self, level: f64) -> Interval {
        Interval::percentile(self.value, self.draws.clone(), level)
    }
}
