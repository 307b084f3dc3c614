//! Where wrong pixels went, and whether foreground confusions follow how often a class is labelled.
//!
//! The paper says that "it is more often the case that a misclassification is to background" and that exchanges between
//! foreground classes "follow the relative label frequency of the training set" (section 4). Both can be tested.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use scribe_records::{Condition, Confusion, ErrorSplit, Mode, ModelId};

use crate::bootstrap::{Bootstrap, Interval, picture_weights};
use crate::names::{COLUMNS, Group};
use crate::view::View;

/// Which conditions are summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Under {
    /// The clean pictures.
    Clean,
    /// All corrupted conditions of one of the paper's groups.
    Group(Group),
    /// All corrupted conditions.
    Corrupted,
}

impl Under {
    /// Clean, the five groups, all corrupted.
    pub fn all() -> Vec<Under> {
        let groups = Group::ALL.into_iter().map(Under::Group);
        std::iter::once(Under::Clean).chain(groups).chain(std::iter::once(Under::Corrupted)).collect()
    }

    /// The heading in words.
    pub fn title(self) -> &'static str {
        match self {
            Under::Clean => "clean",
            Under::Group(g) => g.title(),
            Under::Corrupted => "all corrupted",
        }
    }

    fn holds(self, condition: &Condition) -> bool {
        match self {
            Under::Clean => condition.is_clean(),
            Under::Corrupted => !condition.is_clean(),
            Under::Group(g) => COLUMNS.iter().any(|c| c.group == g && c.name == condition.corruption),
        }
    }
}

/// The confusion of a model in a mode over several conditions and all its seeds; `None` when nothing was measured.
pub fn confusion(view: &View, model: &ModelId, mode: &Mode, under: Under) -> Option<Confusion> {
    let mut total: Option<Confusion> = None;
    for (cell, confusion) in &view.confusions {
        if cell.series.model == *model && cell.series.mode == *mode && under.holds(&cell.condition) {
            match &mut total {
                None => total = Some(confusion.clone()),
                Some(sum) => sum.merge(confusion).expect("all confusions of a view have its classes"),
            }
        }
    }
    total
}

/// Where the wrong pixels of a model went; `None` when nothing was measured.
pub fn error_split(view: &View, model: &ModelId, mode: &Mode, under: Under) -> Option<ErrorSplit> {
    confusion(view, model, mode, under).map(|c| c.errors())
}

/// Share of wrong foreground pixels that were taken for background, in [0, 1]; `None` when no foreground pixel is wrong.
pub fn share_to_background(split: &ErrorSplit) -> Option<f64> {
    let wrong = split.fg_to_bg + split.fg_to_fg;
    (wrong > 0).then(|| split.fg_to_bg as f64 / wrong as f64)
}

/// [`share_to_background`] under all corrupted conditions, with an interval over pictures; `None` as there.
pub fn background_interval(view: &View, model: &ModelId, mode: &Mode, how: &Bootstrap) -> Option<Interval> {
    let mut wrong = vec![[0.0f64; 2]; view.images.len()];
    for (cell, pictures) in &view.per_image {
        if cell.series.model == *model && cell.series.mode == *mode && !cell.condition.is_clean() {
            for (image, confusion) in pictures {
                for &(_, p, n) in confusion.cells().iter().filter(|c| c.0 != 0 && c.0 != c.1) {
                    wrong[*image][usize::from(p != 0)] += f64::from(n);
                }
            }
        }
    }
    let share = |weight: &dyn Fn(usize) -> f64| {
        let total = |kind: usize| wrong.iter().enumerate().map(|(i, w)| weight(i) * w[kind]).sum::<f64>();
        let (background, foreground) = (total(0), total(1));
        (background + foreground > 0.0).then(|| background / (background + foreground))
    };
    let draw = |r: usize| {
        let weights = picture_weights(how, r, view.images.len());
        share(&|i| f64::from(weights[i])).unwrap_or(f64::NAN)
    };
    // The claim is about one half.
    Some(how.interval(share(&|_| 1.0)?, 0.5, draw))
}

/// [`frequency_test`]'s rho under all corrupted conditions, with an interval over pictures; `None` as there.
pub fn frequency_interval(
    view: &View,
    model: &ModelId,
    mode: &Mode,
    frequency: &[u64],
    how: &Bootstrap,
) -> Option<Interval> {
    let classes: Vec<usize> = labelled(view.classes.len(), frequency);
    let mut received = vec![vec![0.0; view.classes.len()]; view.images.len()];
    for (cell, pictures) in &view.per_image {
        if cell.series.model == *model && cell.series.mode == *mode && !cell.condition.is_clean() {
            for (image, confusion) in pictures {
                for &(_, p, n) in confusion.cells().iter().filter(|c| c.0 != 0 && c.1 != 0 && c.0 != c.1) {
                    received[*image][usize::from(p)] += f64::from(n);
                }
            }
        }
    }
    let x: Vec<f64> = classes.iter().map(|c| frequency[*c] as f64).collect();
    let rho = |weight: &dyn Fn(usize) -> f64| {
        let total = |c: &usize| received.iter().enumerate().map(|(i, r)| weight(i) * r[*c]).sum();
        spearman(&x, &classes.iter().map(total).collect::<Vec<f64>>())
    };
    let value = rho(&|_| 1.0)?;
    let draw = |r: usize| {
        let weights = picture_weights(how, r, view.images.len());
        rho(&|i| f64::from(weights[i])).unwrap_or(f64::NAN)
    };
    Some(how.interval(value, 0.0, draw))
}

fn labelled(classes: usize, frequency: &[u64]) -> Vec<usize> {
    (1..classes).filter(|c| frequency.get(*c).is_some_and(|f| *f > 0)).collect()
}

/// A rank correlation with its permutation test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankTest {
    /// Spearman's rho, in [-1, 1].
    pub rho: f64,
    /// How many pairs took part.
    pub pairs: usize,
    /// Share of 9999 seeded permutations (and the data itself) whose |rho| is at least as large.
    pub p: f64,
}

/// Spearman's correlation, over foreground classes, between how often a class is labelled (`frequency`, one entry a
/// class) and how many pixels of OTHER foreground classes were taken for it.
///
/// `None` when fewer than three foreground classes are labelled or either side does not vary.
pub fn frequency_test(confusion: &Confusion, frequency: &[u64]) -> Option<RankTest> {
    let labelled = labelled(confusion.classes(), frequency);
    let received = |c: usize| -> u64 {
        (1..confusion.classes()).filter(|t| *t != c).map(|t| confusion.cell(t, c)).sum()
    };
    let x: Vec<f64> = labelled.iter().map(|c| frequency[*c] as f64).collect();
    let y: Vec<f64> = labelled.iter().map(|c| received(*c) as f64).collect();
    rank_test(&x, &y)
}

/// Spearman's correlation of two lists with its permutation test; `None` as in [`spearman`].
pub fn rank_test(x: &[f64], y: &[f64]) -> Option<RankTest> {
    let rho = spearman(x, y)?;
    Some(RankTest { rho, pairs: x.len(), p: permutation(x, y, rho) })
}

/// Spearman's rho with mean ranks for ties; `None` for fewer than three pairs or a side that does not vary.
pub fn spearman(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() != y.len() || x.len() < 3 {
        return None;
    }
    pearson(&ranks(x), &ranks(y))
}

fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sxy: f64 = x.iter().zip(y).map(|(a, b)| (a - mx) * (b - my)).sum();
    let sxx: f64 = x.iter().map(|a| (a - mx).powi(2)).sum();
    let syy: f64 = y.iter().map(|b| (b - my).powi(2)).sum();
    (sxx > 0.0 && syy > 0.0).then(|| sxy / (sxx * syy).sqrt())
}

/// Ranks from 1; equal values share the mean of their ranks.
fn ranks(values: &[f64]) -> Vec<f64> {
    values
        .iter()
        .map(|v| {
            let below = values.iter().filter(|o| *o < v).count() as f64;
            let equal = values.iter().filter(|o| *o == v).count() as f64;
            below + f64::midpoint(equal, 1.0)
        })
        .collect()
}

fn permutation(x: &[f64], y: &[f64], rho: f64) -> f64 {
    const DRAWS: usize = 9999;
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let (rx, mut ry) = (ranks(x), ranks(y));
    let mut as_large = 1;
    for _ in 0..DRAWS {
        ry.shuffle(&mut rng);
        let drawn = pearson(&rx, &ry).unwrap_or(0.0);
        as_large += usize::from(drawn.abs() >= rho.abs() - 1e-12);
    }
    as_large as f64 / (DRAWS + 1) as f64
}
