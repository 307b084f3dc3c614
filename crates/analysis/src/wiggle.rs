//! Does "wiggle room" predict robustness? Dimensionality under a condition against the drop in mIoU there.
//!
//! The paper says that more dimensions ("wiggle room") give resistance to corruption. From condition to condition
//! that means: where a model keeps more dimensions, it loses less mIoU, a negative rank correlation. Severity moves
//! both, so the correlation is also taken within each severity. And between two models: where one has more dimensions
//! than the other, does it lose less than the other? A correlation, however strong, is no proof of a cause.

use crate::bootstrap::{Interval, Resampled};
use crate::errors::spearman;
use crate::measures::{Measure, Measured};
use crate::names::position;
use crate::spectrum::{Channels, SpectrumOf};
use crate::summary::{ModeChoice, Quantity, Results};
use crate::view::View;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use scribe_records::{Condition, Mode, ModelId};

/// One condition of a model, or of the difference between two models.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WigglePoint {
    /// The condition.
    pub(crate) condition: Condition,
    /// The measure there (for two models: its difference).
    pub(crate) measure: f64,
    /// Clean mIoU minus mIoU there, in [-1, 1] (for two models: the difference of the two drops).
    pub(crate) drop: f64,
    /// Both under each resample of blocks.
    draws: Vec<(f64, f64)>,
}

/// The correlation over conditions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WiggleTest {
    /// The model; or two models whose difference is tested, the later one first.
    pub(crate) subject: (ModelId, Option<ModelId>),
    /// The measure.
    pub(crate) measure: Measure,
    /// Over how many conditions.
    pub(crate) conditions: usize,
    /// Spearman's rho of the measure with the drop; negative where more dimensions go with a smaller drop.
    pub(crate) rho: Interval,
    /// Mean over severities of rho among the corruptions of one severity; `None` with fewer than three corruptions.
    pub(crate) within_severity: Option<Interval>,
}

impl WiggleTest {
    /// The correlation that decides a verdict, and whether severity is held fixed in it: rho within severities where
    /// there is one, since severity moves both quantities, otherwise rho over all conditions.
    pub(crate) fn judged(&self) -> (Interval, bool) {
        self.within_severity.map_or((self.rho, false), |within| (within, true))
    }
}

/// The tests of one mode: the measures, and mIoU under the same draws.
#[derive(Debug)]
pub(crate) struct Wiggle<'a> {
    results: &'a Results<'a>,
    measured: &'a Measured,
    mode: &'a Mode,
    miou: Resampled,
}

impl<'a> Wiggle<'a> {
    /// Takes mIoU under the draws of `measured`, once.
    pub(crate) fn new(results: &'a Results<'a>, measured: &'a Measured, mode: &'a Mode) -> Wiggle<'a> {
        Wiggle { results, measured, mode, miou: measured.miou(results.view(), mode) }
    }

    /// The view it is made from.
    pub(crate) fn view(&self) -> &'a View {
        self.results.view()
    }

    /// The points of a model, or of `model` minus `other`, over the paper's fifteen corruptions; conditions that lack
    /// the measure or mIoU are left out.
    pub(crate) fn points(
        &self,
        measure: Measure,
        model: &ModelId,
        other: Option<&ModelId>,
    ) -> Vec<WigglePoint> {
        let own = self.own_points(measure, model);
        let Some(other) = other else { return own };
        let theirs = self.own_points(measure, other);
        let minus = |a: WigglePoint| {
            let b = theirs.iter().find(|b| b.condition == a.condition)?;
            let draws = a.draws.iter().zip(&b.draws).map(|(x, y)| (x.0 - y.0, x.1 - y.1)).collect();
            Some(WigglePoint { measure: a.measure - b.measure, drop: a.drop - b.drop, draws, ..a })
        };
        own.into_iter().filter_map(minus).collect()
    }

    /// The tests of every model and of every pair of models for effective rank and participation ratio of the
    /// foreground logits.
    pub(crate) fn tests(&self) -> Vec<WiggleTest> {
        let models = &self.view().models;
        let mut subjects: Vec<(ModelId, Option<ModelId>)> =
            models.iter().map(|m| (m.clone(), None)).collect();
        for (i, b) in models.iter().enumerate() {
            subjects.extend(models[i + 1..].iter().map(|a| (a.clone(), Some(b.clone()))));
        }
        let (of, channels) = (SpectrumOf::PixelCovariance, Channels::Foreground);
        let measures = [Measure::DIMENSIONS, Measure::ParticipationRatio(of, channels)];
        let wanted: Vec<_> = measures.iter().flat_map(|m| subjects.iter().map(move |s| (*m, s))).collect();
        let tested = wanted.par_iter().map(|(measure, subject)| {
            let points = self.points(*measure, &subject.0, subject.1.as_ref());
            let (rho, within_severity) = test(self.measured, &points)?;
            let subject = (*subject).clone();
            Some(WiggleTest { subject, measure: *measure, conditions: points.len(), rho, within_severity })
        });
        tested.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    fn own_points(&self, measure: Measure, model: &ModelId) -> Vec<WigglePoint> {
        let choice = if *self.mode == Mode::msc() { ModeChoice::Msc } else { ModeChoice::Single };
        let own = self.results.of(model, choice);
        let Some(clean) = own.clean() else { return Vec::new() };
        let Some(base) = self.miou.draws(own, Quantity::Clean) else { return Vec::new() };
        let point = |condition: Condition| {
            let (value, draws) = self.measured.get(model, self.mode, &condition, measure)?;
            let quantity = Quantity::One(&condition);
            let drop = clean - own.value(quantity)?;
            let drawn = self.miou.draws(own, quantity)?;
            let pairs = draws.iter().zip(base.iter().zip(&drawn)).map(|(x, (c, d))| (*x, c - d)).collect();
            Some(WigglePoint { measure: *value, drop, draws: pairs, condition })
        };
        let paper = self.view().corrupted().into_iter().filter(|c| position(&c.corruption).is_some());
        paper.filter_map(point).collect()
    }
}

/// rho and rho within severities, each with its interval over blocks of pictures and over corruptions.
fn test(measured: &Measured, points: &[WigglePoint]) -> Option<(Interval, Option<Interval>)> {
    let whole: Vec<(u8, f64, f64)> =
        points.iter().map(|p| (p.condition.severity, p.measure, p.drop)).collect();
    let value = rho(&whole)?;
    let mut names: Vec<&str> = points.iter().map(|p| p.condition.corruption.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let how = measured.bootstrap();
    let (mut over_all, mut within) = (Vec::new(), Vec::new());
    for r in 0..how.resamples {
        // Another generator than the blocks', so that the two draws are independent.
        let mut rng = ChaCha8Rng::seed_from_u64(how.seed ^ 0x00c0_2201_0000);
        rng.set_stream(r as u64);
        let mut drawn = Vec::with_capacity(points.len());
        for _ in 0..names.len() {
            let name = names[rng.random_range(0..names.len())];
            let of = points.iter().filter(|p| p.condition.corruption == name);
            drawn.extend(of.map(|p| (p.condition.severity, p.draws[r].0, p.draws[r].1)));
        }
        over_all.push(rho(&drawn).unwrap_or(f64::NAN));
        within.push(rho_within(&drawn).unwrap_or(f64::NAN));
    }
    let within = rho_within(&whole).map(|w| Interval::percentile(w, within, how.level));
    Some((Interval::percentile(value, over_all, how.level), within))
}

fn rho(points: &[(u8, f64, f64)]) -> Option<f64> {
    let finite = points.iter().filter(|p| p.1.is_finite() && p.2.is_finite());
    let (x, y): (Vec<f64>, Vec<f64>) = finite.map(|p| (p.1, p.2)).unzip();
    spearman(&x, &y)
}

fn rho_within(points: &[(u8, f64, f64)]) -> Option<f64> {
    let of = |s: u8| rho(&points.iter().filter(|p| p.0 == s).copied().collect::<Vec<_>>());
    crate::summary::mean((1..=5).filter_map(of))
}
