//! The test of the paper's statement that confusions between foreground classes follow the frequency of labels.

use super::ranks::rank_test_of_mean;
use super::{corrupted_pictures, over_draws, spearman};
use crate::bootstrap::{Bootstrap, Interval};
use crate::verdict::HoldsFor;
use crate::view::View;
use scribe_records::{Mode, ModelId};
use std::collections::BTreeMap;
use std::ops::Range;

/// The test of the statement for one model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frequency {
    /// Spearman's rho over foreground classes, mean over training seeds, with its interval over pictures and seeds.
    pub(crate) rho: Interval,
    /// How many classes took part.
    pub(crate) classes: usize,
    /// The share of permutations of the classes whose |rho| is at least as large.
    pub(crate) p: f64,
    /// The level of the interval; the permutation test is judged at 1 - level.
    pub(crate) level: f64,
}

impl Frequency {
    /// "established", "the contrary is established", each with what for, or why neither is.
    ///
    /// The statement is about classes, so the permutation over classes decides; the interval accounts for the choice of
    /// pictures. Both must exclude chance.
    pub(crate) fn verdict(&self, holds: HoldsFor) -> String {
        let alpha = 1.0 - self.level;
        let orders: f64 = (1..=self.classes).map(|n| n as f64).product();
        if 2.0 / orders > alpha {
            // Of so few classes even the best order and its reverse are too large a share of all orders.
            return format!("not established: {} classes are too few to tell", self.classes);
        }
        match (self.p <= alpha && self.rho.excludes_zero(), self.rho.value > 0.0) {
            (true, true) => holds.established().to_owned(),
            (true, false) => format!("the contrary is {}", holds.established()),
            _ => "not established".to_owned(),
        }
    }
}

/// Spearman's correlation, over foreground classes, between how often a class is labelled (`frequency`, one entry a
/// class) and how many pixels of OTHER foreground classes were taken for it under the paper's corruptions.
///
/// `None` when fewer than three foreground classes are labelled or either side does not vary.
pub(crate) fn frequency(
    view: &View,
    model: &ModelId,
    mode: &Mode,
    frequency: &[u64],
    how: &Bootstrap,
) -> Option<Frequency> {
    let first = view.first_foreground();
    let classes = labelled(first..view.classes.len(), frequency);
    let mut received: BTreeMap<u64, Vec<Vec<f64>>> = BTreeMap::new();
    for (seed, image, confusion) in corrupted_pictures(view, model, mode) {
        let empty = || vec![vec![0.0; view.classes.len()]; view.images.len()];
        let of_seed = &mut received.entry(seed).or_insert_with(empty)[image];
        let is_foreground = |class: u8| usize::from(class) >= first;
        let confused = |c: &&(u8, u8, u32)| is_foreground(c.0) && is_foreground(c.1) && c.0 != c.1;
        for &(_, p, n) in confusion.cells().iter().filter(confused) {
            of_seed[usize::from(p)] += f64::from(n);
        }
    }
    let x: Vec<f64> = classes.iter().map(|c| frequency[*c] as f64).collect();
    let of = |received: &[Vec<f64>], weights: &[u32]| -> Vec<f64> {
        let total = |c: &usize| received.iter().zip(weights).map(|(r, w)| f64::from(*w) * r[*c]).sum();
        classes.iter().map(total).collect()
    };
    let once = vec![1; view.images.len()];
    let whole: Vec<Vec<f64>> = received.values().map(|r| of(r, &once)).collect();
    let test = rank_test_of_mean(&x, &whole)?;
    let rho = over_draws(view, model, how, (test.rho, 0.0), &received, |r, w| spearman(&x, &of(r, w)));
    Some(Frequency { rho, classes: test.pairs, p: test.p, level: how.level })
}

fn labelled(classes: Range<usize>, frequency: &[u64]) -> Vec<usize> {
    classes.filter(|c| frequency.get(*c).is_some_and(|f| *f > 0)).collect()
}
