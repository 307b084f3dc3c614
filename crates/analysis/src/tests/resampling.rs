//! The bootstrap against a slow reference, and its independence of threads.

use super::common;
use super::two_classes::{id, picture};
use crate::Results;
use crate::bootstrap::mean_band;
use crate::seeds::SeedResults;
use crate::tables::{NOT_ESTABLISHED, differences, duels, mark, table1};
use crate::{Bootstrap, Cell, ModeChoice, Quantity, Resampled, View};
use scribe_records::{Condition, Confusion, Mode, Series};

const HOW: Bootstrap = Bootstrap { resamples: 400, level: 0.95, seed: 3, ..Bootstrap::STANDARD };

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
    let i = Resampled::new(&v, &HOW)
        .interval(Results::new(&v).of(&id("baseline"), ModeChoice::Single), Quantity::Clean)
        .unwrap();
    let value = f64::midpoint(0.5, 10.0 / 15.0);
    assert!((i.value - value).abs() < 1e-12 && i.low == i.high && (i.low - value).abs() < 1e-12, "{i:?}");
}

#[test]
fn a_pair_that_differs_everywhere_is_told_apart_though_the_intervals_overlap() {
    let v = view(&[1, 3, 5, 7, 8], 1);
    let r = Resampled::new(&v, &HOW);
    let (b, s) = (id("baseline"), id("scribe"));
    let of = |m| r.interval(Results::new(&v).of(m, ModeChoice::Single), Quantity::Cor).unwrap();
    assert!(of(&b).high > of(&s).low, "single intervals overlap");
    let gap = r
        .paired_gap(
            Results::new(&v).of(&s, ModeChoice::Single),
            Results::new(&v).of(&b, ModeChoice::Single),
            Quantity::Cor,
        )
        .unwrap();
    assert!(gap.excludes_zero() && gap.low > 0.0 && gap.low <= gap.value && gap.value <= gap.high, "{gap:?}");
    let none = r
        .paired_gap(
            Results::new(&v).of(&b, ModeChoice::Single),
            Results::new(&v).of(&b, ModeChoice::Single),
            Quantity::Cor,
        )
        .unwrap();
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
    let how = Bootstrap { resamples: 4000, level: 0.8, seed: 1, ..Bootstrap::STANDARD };
    let i = Resampled::new(&v, &how)
        .interval(Results::new(&v).of(&id("baseline"), ModeChoice::Single), Quantity::Clean)
        .unwrap();
    // The 10 % and 90 % points of a distribution of 27 steps: the third and the twenty-fifth.
    assert!((i.low - exact[2]).abs() < 1e-12 && (i.high - exact[24]).abs() < 1e-12, "{i:?} {exact:?}");
}

/// All 9 equally likely draws of three pictures in a sequence of two and one of one; behind the last comes the first.
#[test]
fn neighbours_are_drawn_together_where_they_are_alike() {
    let right = [2, 5, 8];
    let v = view(&right, 1);
    let mut exact = Vec::new();
    for (start, last) in (0..9).map(|i| (i / 3, i % 3)) {
        let mut total = Confusion::new(2);
        for i in [start, (start + 1) % 3, last] {
            total.merge_sparse(&picture(right[i])).unwrap();
        }
        exact.push(total.miou().unwrap());
    }
    exact.sort_by(f64::total_cmp);
    let interval = |sequence| {
        let how = Bootstrap { resamples: 4000, level: 0.8, seed: 1, sequence };
        Resampled::new(&v, &how)
            .interval(Results::new(&v).of(&id("baseline"), ModeChoice::Single), Quantity::Clean)
            .unwrap()
    };
    // The 10 % and 90 % points of a distribution of 9 steps: the first and the last.
    let two = interval(2);
    assert!((two.low - exact[0]).abs() < 1e-12 && (two.high - exact[8]).abs() < 1e-12, "{two:?} {exact:?}");
    // One sequence of all pictures is the set itself.
    let all = interval(7);
    assert!(all.low == all.value && all.high == all.value, "{all:?}");
}

#[test]
fn the_training_seed_counts_in_the_interval() {
    let (one, two) = (view(&[5; 6], 1), view(&[5; 6], 2));
    let width = |v: &View| {
        let i = Resampled::new(v, &HOW)
            .interval(Results::new(v).of(&id("baseline"), ModeChoice::Single), Quantity::Clean)
            .unwrap();
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
                .map(|m| r.interval(Results::new(&v).of(m, ModeChoice::AsPrinted), Quantity::Cor).unwrap())
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

/// Two models whose corrupted results differ by `ahead` right pixels in every picture.
fn close_race(right: &[usize], ahead: usize) -> View {
    let names: Vec<String> = (0..right.len()).map(|i| i.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut v = View::new(&["background", "cat"], &names);
    for (i, r) in right.iter().enumerate() {
        // The second model is better on even pictures and worse on odd ones, and `ahead` better on all.
        let other = if i % 2 == 0 { r + 1 } else { r - 1 };
        for (model, n) in [("baseline", *r), ("scribe", other + ahead)] {
            for condition in [Condition::clean(), Condition::new("fog", 1).unwrap()] {
                let series = Series::new(id(model), 0, Mode::single());
                v.insert(&Cell { series, condition }, i, picture(n)).unwrap();
            }
        }
    }
    v
}

#[test]
fn cells_are_marked_by_interval_and_not_by_digits() {
    let right = [2, 5, 6, 4, 3];
    let marked = |ahead| {
        let v = close_race(&right, ahead);
        let r = Resampled::new(&v, &HOW);
        (
            mark(table1(&Results::new(&v), ModeChoice::Single), &Results::new(&v), &r, ModeChoice::Single),
            differences(&Results::new(&v), &r),
        )
    };
    let (open, all) = marked(0);
    let fog = open.columns.iter().position(|c| c.key == "fog").unwrap();
    // The Baseline row is the lower or the higher one; the other of the two carries the mark, in the cell and in the
    // mean.
    let best = open.best();
    for block in [[0, 1], [2, 3]] {
        for i in block {
            assert_eq!(open.is_not_established(i, fog), !best[i][fog], "row {i}");
        }
    }
    assert!(open.notes[0].starts_with(NOT_ESTABLISHED), "{:?}", open.notes);
    assert_eq!(duels(&all, ModeChoice::Single)[0].by_interval, [0, 1, 0]);
    let (settled, all) = marked(2);
    assert!(settled.not_established.iter().flatten().all(|o| !o), "{:?}", settled.not_established);
    assert!(settled.notes.iter().all(|n| !n.contains(NOT_ESTABLISHED)));
    let duel = &duels(&all, ModeChoice::Single)[0];
    assert_eq!((duel.a.as_str(), duel.by_interval, duel.by_digits), ("scribe", [1, 0, 0], [1, 0, 0]));
    let text = crate::render::markdown::grid(&open);
    assert!(text.contains("†"), "{text}");
    assert!(crate::render::tex::tex(&open).contains("\\rlap{$^{\\dagger}$}"));
}

#[test]
fn ratios_errors_and_slopes_have_intervals_too() {
    let v = view(&[1, 3, 5, 7, 8], 1);
    let r = Resampled::new(&v, &HOW);
    let (b, s) = (id("baseline"), id("scribe"));
    // Clean and fog hold the same counts, so each keeps all of itself in every resample.
    let kept = r.interval(Results::new(&v).of(&b, ModeChoice::Single), Quantity::Rpc).unwrap();
    assert_eq!((kept.value, kept.low, kept.high), (1.0, 1.0, 1.0));
    let ce = r
        .corruption_error(
            Results::new(&v).of(&s, ModeChoice::Single),
            Results::new(&v).of(&b, ModeChoice::Single),
            None,
        )
        .unwrap();
    assert!(ce.value < 1.0 && ce.low <= ce.value && ce.value <= ce.high && ce.high < 1.0, "{ce:?}");
    let own = r
        .corruption_error(
            Results::new(&v).of(&b, ModeChoice::Single),
            Results::new(&v).of(&b, ModeChoice::Single),
            Some("fog"),
        )
        .unwrap();
    assert_eq!((own.value, own.low, own.high), (1.0, 1.0, 1.0));
    assert!(
        r.interval(Results::new(&v).of(&b, ModeChoice::Single), Quantity::Slope).is_none(),
        "one severity has no slope"
    );
}

/// Two seeds that give 0.2 and 0.8: the mean of two draws is 0.2, 0.5 or 0.8 with odds 1 : 2 : 1, so the quarters are
/// ends.
#[test]
fn seeds_are_drawn_with_the_odds_of_their_number() {
    let mut v = View::new(&["background", "cat"], &["a"]);
    for (model, rights) in [("baseline", [2usize, 8]), ("scribe", [2, 8])] {
        for (seed, right) in rights.into_iter().enumerate() {
            let series = Series::new(id(model), seed as u64, Mode::single());
            for condition in [Condition::clean(), Condition::new("fog", 1).unwrap()] {
                v.insert(&Cell { series: series.clone(), condition }, 0, picture(right)).unwrap();
            }
        }
    }
    let how = Bootstrap { resamples: 4000, level: 0.95, seed: 5, ..Bootstrap::STANDARD };
    let r = Resampled::new(&v, &how);
    let at = |right: f64| f64::midpoint(right / 10.0, 10.0 / (20.0 - right));
    let draws = r.draws(Results::new(&v).of(&id("baseline"), ModeChoice::Single), Quantity::Clean).unwrap();
    let near = |x: f64| draws.iter().filter(|d| (**d - x).abs() < 1e-9).count() as f64 / 4000.0;
    let (low, high) = (at(2.0), at(8.0));
    for (x, odds) in [(low, 0.25), (f64::midpoint(low, high), 0.5), (high, 0.25)] {
        assert!((near(x) - odds).abs() < 0.03, "{x}: {}", near(x));
    }
    // One draw of seeds serves all conditions of a model, and another model draws apart.
    assert_eq!(
        draws,
        r.draws(Results::new(&v).of(&id("baseline"), ModeChoice::Single), Quantity::Cor).unwrap()
    );
    assert_ne!(
        draws,
        r.draws(Results::new(&v).of(&id("scribe"), ModeChoice::Single), Quantity::Clean).unwrap()
    );
    let spread = SeedResults::new(Results::new(&v).of(&id("baseline"), ModeChoice::Single))
        .spread(Quantity::Clean)
        .unwrap();
    assert_eq!(spread.values, [(0, low), (1, high)]);
    assert!((spread.value - f64::midpoint(low, high)).abs() < 1e-12);
    assert!((spread.deviation.unwrap() - (high - low) / 2f64.sqrt()).abs() < 1e-12);
}
