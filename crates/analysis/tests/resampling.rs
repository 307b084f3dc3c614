//! The bootstrap against a slow reference, and its independence of threads.

mod common;

use scribe_analysis::bootstrap::mean_band;
use scribe_analysis::{Bootstrap, Cell, Cells, Over, Resampled, View};
use scribe_records::{Condition, Confusion, Mode, ModelId, Series, SparseConfusion};

const HOW: Bootstrap = Bootstrap { resamples: 400, level: 0.95, seed: 3 };

fn id(name: &str) -> ModelId {
    ModelId::new(name).unwrap()
}

fn picture(right: usize) -> SparseConfusion {
    let mut c = Confusion::new(2);
    let pred: Vec<u8> = (0..20).map(|i| u8::from(i < right)).collect();
    c.add(&[[1u8; 10], [0u8; 10]].concat(), &pred).unwrap();
    SparseConfusion::try_from(&c).unwrap()
}

/// One model with a given number of right pixels per picture, and one that is always one pixel better.
fn view(right: &[usize], seeds: u64) -> View {
    let names: Vec<String> = (0..right.len()).map(|i| i.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut v = View::new(&["background", "cat"], &names);
    for (model, plus) in [("baseline", 0), ("scribe", 1)] {
        for seed in 0..seeds {
            let series = Series::new(id(model), seed, Mode::single());
            for condition in [Condition::clean(), Condition::new("fog", 1).unwrap()] {
                let cell = Cell { series: series.clone(), condition };
                for (i, r) in right.iter().enumerate() {
                    v.insert(&cell, i, picture(r + plus + seed as usize)).unwrap();
                }
            }
        }
    }
    v
}

#[test]
fn equal_pictures_give_an_interval_of_no_width() {
    let v = view(&[5; 6], 1);
    let i = Resampled::new(&v, &HOW).interval(&v, &id("baseline"), Cells::Single, Over::Clean).unwrap();
    let value = f64::midpoint(0.5, 10.0 / 15.0);
    assert!((i.value - value).abs() < 1e-12 && i.low == i.high && (i.low - value).abs() < 1e-12, "{i:?}");
}

#[test]
fn a_pair_that_differs_everywhere_is_told_apart_though_the_intervals_overlap() {
    let v = view(&[1, 3, 5, 7, 8], 1);
    let r = Resampled::new(&v, &HOW);
    let (b, s) = (id("baseline"), id("scribe"));
    let of = |m| r.interval(&v, m, Cells::Single, Over::Corrupted).unwrap();
    assert!(of(&b).high > of(&s).low, "single intervals overlap");
    let gap = r.paired_gap(&v, &s, &b, Cells::Single, Over::Corrupted).unwrap();
    assert!(gap.excludes_zero() && gap.low > 0.0 && gap.low <= gap.value && gap.value <= gap.high, "{gap:?}");
    let none = r.paired_gap(&v, &b, &b, Cells::Single, Over::Corrupted).unwrap();
    assert_eq!((none.value, none.low, none.high), (0.0, 0.0, 0.0));
}

/// All 27 equally likely draws of three pictures: the interval must be the exact one up to sampling.
#[test]
fn three_pictures_agree_with_all_their_draws() {
    let right = [2, 5, 8];
    let v = view(&right, 1);
    let mut exact = Vec::new();
    for (a, b, c) in (0..27).map(|i| (i / 9, i / 3 % 3, i % 3)) {
        let mut total = Confusion::new(2);
        for i in [a, b, c] {
            total.merge_sparse(&picture(right[i])).unwrap();
        }
        exact.push(total.miou().unwrap());
    }
    exact.sort_by(f64::total_cmp);
    let how = Bootstrap { resamples: 4000, level: 0.8, seed: 1 };
    let i = Resampled::new(&v, &how).interval(&v, &id("baseline"), Cells::Single, Over::Clean).unwrap();
    // The 10 % and 90 % points of a distribution of 27 steps: the third and the twenty-fifth.
    assert!((i.low - exact[2]).abs() < 1e-12 && (i.high - exact[24]).abs() < 1e-12, "{i:?} {exact:?}");
}

#[test]
fn the_training_seed_counts_in_the_interval() {
    let (one, two) = (view(&[5; 6], 1), view(&[5; 6], 2));
    let width = |v: &View| {
        let i = Resampled::new(v, &HOW).interval(v, &id("baseline"), Cells::Single, Over::Clean).unwrap();
        i.high - i.low
    };
    assert_eq!(width(&one), 0.0);
    assert!(width(&two) > 0.05, "pictures are equal, so all of the width is the seeds'");
}

#[test]
fn threads_do_not_show() {
    let v = common::made_up();
    let how = Bootstrap { resamples: 50, ..HOW };
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let r = Resampled::new(&v, &how);
            v.models
                .iter()
                .map(|m| r.interval(&v, m, Cells::AsPrinted, Over::Corrupted).unwrap())
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn bands_over_corruptions() {
    assert_eq!(mean_band(&[0.4], &HOW), None);
    let flat = mean_band(&[0.4, 0.4, 0.4], &HOW).unwrap();
    assert!((flat.low - 0.4).abs() < 1e-12 && (flat.high - 0.4).abs() < 1e-12);
    let band = mean_band(&[0.1, 0.3, 0.5, 0.7], &HOW).unwrap();
    assert!(
        (band.value - 0.4).abs() < 1e-12 && band.low > 0.1 && band.low < 0.3 && band.high > 0.5,
        "{band:?}"
    );
}
