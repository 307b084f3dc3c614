//! For which classes wrong pixels were taken, and whether foreground confusions follow the frequency of labels.
//!
//! The paper says that "it is more often the case that a misclassification is to background" and that exchanges between
//! foreground classes "follow the relative label frequency of the training set" (section 4). Both can be tested.

mod frequency;
mod ranks;

pub(crate) use frequency::frequency;
pub(crate) use ranks::spearman;

use crate::bootstrap::{Bootstrap, Interval, SeedDraws, picture_weights};
use crate::names::{COLUMNS, Group, position};
use crate::view::View;
use scribe_records::{Condition, Confusion, ErrorSplit, Mode, ModelId, SparseConfusion};
use std::collections::BTreeMap;
use std::ops::Range;

/// The conditions that are summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Under {
    /// The clean pictures.
    Clean,
    /// All corrupted conditions of one of the paper's groups.
    Group(Group),
    /// All conditions of the paper's fifteen corruptions.
    Corrupted,
    /// All conditions of corruptions beyond the paper's fifteen.
    Extra,
}

impl Under {
    /// All of them, in the order of the report.
    pub(crate) fn all() -> Vec<Under> {
        let groups = Group::ALL.into_iter().map(Under::Group);
        std::iter::once(Under::Clean).chain(groups).chain([Under::Corrupted, Under::Extra]).collect()
    }

    /// The heading in tables.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Under::Clean => "clean",
            Under::Group(g) => g.title(),
            Under::Corrupted => "all corrupted",
            Under::Extra => "extra corruptions",
        }
    }

    fn holds(self, condition: &Condition) -> bool {
        match self {
            Under::Clean => condition.is_clean(),
            Under::Corrupted => position(&condition.corruption).is_some(),
            Under::Extra => !condition.is_clean() && position(&condition.corruption).is_none(),
            Under::Group(g) => COLUMNS.iter().any(|c| c.group == g && c.name == condition.corruption),
        }
    }
}

/// The confusion of a model in a mode over several conditions and all its seeds; `None` when nothing was measured.
pub(crate) fn confusion(view: &View, model: &ModelId, mode: &Mode, under: Under) -> Option<Confusion> {
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
pub(crate) fn error_split(view: &View, model: &ModelId, mode: &Mode, under: Under) -> Option<ErrorSplit> {
    confusion(view, model, mode, under).map(|c| c.errors())
}

/// Share of wrong foreground pixels that were taken for background, in [0, 1]; `None` when no foreground pixel is
/// wrong.
pub(crate) fn share_to_background(split: &ErrorSplit) -> Option<f64> {
    let wrong = split.fg_to_bg + split.fg_to_fg;
    (wrong > 0).then(|| split.fg_to_bg as f64 / wrong as f64)
}

/// [`share_to_background`], mean over training seeds.
pub(crate) fn background_share(view: &View, model: &ModelId, mode: &Mode, under: Under) -> Option<f64> {
    let of_seed =
        |seed: u64| share_to_background(&error_split(&view.one_seed(model, seed), model, mode, under)?);
    crate::summary::mean(view.seeds(model).into_iter().filter_map(of_seed))
}

/// [`background_share`] under all corrupted conditions, with an interval over pictures and training seeds; `None` as
/// there, and where there are not two foreground classes between which a wrong pixel could go.
pub(crate) fn background_interval(
    view: &View,
    model: &ModelId,
    mode: &Mode,
    how: &Bootstrap,
) -> Option<Interval> {
    let value = background_share(view, model, mode, Under::Corrupted)
        .filter(|_| !view.without_background && view.classes.len() > 2)?;
    let mut wrong: BTreeMap<u64, Vec<[f64; 2]>> = BTreeMap::new();
    for (seed, image, confusion) in corrupted_pictures(view, model, mode) {
        let of_seed = wrong.entry(seed).or_insert_with(|| vec![[0.0; 2]; view.images.len()]);
        for &(_, p, n) in confusion.cells().iter().filter(|c| c.0 != 0 && c.0 != c.1) {
            of_seed[image][usize::from(p != 0)] += f64::from(n);
        }
    }
    let share = |wrong: &[[f64; 2]], weights: &[u32]| {
        let total =
            |kind: usize| wrong.iter().zip(weights).map(|(w, n)| f64::from(*n) * w[kind]).sum::<f64>();
        let (background, foreground) = (total(0), total(1));
        (background + foreground > 0.0).then(|| background / (background + foreground))
    };
    // The claim is about one half.
    Some(over_draws(view, model, how, (value, 0.5), &wrong, share))
}

/// The pictures of a model under the paper's corruptions: training seed, index of the picture, and its confusion.
fn corrupted_pictures<'a>(
    view: &'a View,
    model: &'a ModelId,
    mode: &'a Mode,
) -> impl Iterator<Item = (u64, usize, &'a SparseConfusion)> {
    let mine = view.per_image.iter().filter(move |(cell, _)| {
        let s = &cell.series;
        s.model == *model && s.mode == *mode && Under::Corrupted.holds(&cell.condition)
    });
    mine.flat_map(|(cell, pictures)| pictures.iter().map(|(image, c)| (cell.series.seed, *image, c)))
}

/// The interval of the number that `of` computes from the counts of a seed and weights of pictures, the mean over the
/// drawn seeds, `around` its value and a threshold. It is made of more draws where the first leave open on which side of the
/// threshold an end is ([`Bootstrap::interval`]).
fn over_draws<T>(
    view: &View,
    model: &ModelId,
    how: &Bootstrap,
    around: (f64, f64),
    seeds: &BTreeMap<u64, Vec<T>>,
    of: impl Fn(&[T], &[u32]) -> Option<f64>,
) -> Interval {
    let draws = |range: Range<usize>| {
        let weights: Vec<Vec<u32>> =
            range.clone().map(|r| picture_weights(how, r, view.images.len())).collect();
        let of_seed = |counts: &Vec<T>| weights.iter().map(|w| of(counts, w).unwrap_or(f64::NAN)).collect();
        let all: Vec<(u64, Vec<f64>)> = seeds.iter().map(|(seed, counts)| (*seed, of_seed(counts))).collect();
        SeedDraws::new(view, how, range).mean(model, &all)
    };
    how.interval(view.images.len(), around, draws)
}
