//! CKA, calibration, END and block intervals against numpy's numbers and exact enumeration; the tests of "wiggle room".

use super::common;
use crate::Results;
use crate::measures::measure::cka;
use crate::measures::{Kind, Measure, Measured, measures_of, reliability};
use crate::wiggle::Wiggle;
use crate::{Bootstrap, Cell, View, errors};
use scribe_records::{Condition, Confusion, Mode, ModelId, Series, SparseConfusion};

const CLEAN: [[f64; 3]; 6] = [
    [2.0, -1.0, 0.0],
    [3.0, -1.0, 1.0],
    [1.0, 0.0, -1.0],
    [-1.0, 4.0, 0.0],
    [0.0, 5.0, 2.0],
    [-2.0, 0.5, 3.0],
];
const CORRUPTED: [[f64; 3]; 6] = [
    [1.0, 0.0, 0.0],
    [2.0, -1.0, 1.5],
    [1.0, 1.0, -1.0],
    [-1.0, 3.0, 0.0],
    [1.0, 4.0, 1.0],
    [-2.0, 1.0, 2.0],
];
const HOW: Bootstrap = Bootstrap { resamples: 500, level: 0.95, seed: 0, ..Bootstrap::STANDARD };

fn close(got: f64, want: f64) {
    assert!((got - want).abs() < 1e-12, "{got} {want}");
}

fn cross(x: &[[f64; 3]], y: &[[f64; 3]]) -> Vec<f64> {
    let sum = |f: &dyn Fn(usize) -> f64| (0..x.len()).map(f).sum::<f64>();
    let mut out = vec![x.len() as f64];
    out.extend((0..3).map(|c| sum(&|p| x[p][c])));
    out.extend((0..3).map(|c| sum(&|p| y[p][c])));
    for (a, b) in [(x, x), (y, y), (x, y)] {
        out.extend((0..9).map(|i| sum(&|p| a[p][i / 3] * b[p][i % 3])));
    }
    out
}

/// X = the pixels, centred by column:
/// `np.linalg.norm(X.T @ Y)**2 / (np.linalg.norm(X.T @ X) * np.linalg.norm(Y.T @ Y))`; the n x n form by HSIC with
/// H = I - 1/n gives the same 0.9248038035736671.
#[test]
fn cka_is_numpys_and_does_not_see_rotation_and_scale() {
    let sums = cross(&CLEAN, &CORRUPTED);
    close(cka(&sums, 3, 0).unwrap(), 0.9248038035736672);
    close(cka(&sums, 3, 1).unwrap(), 0.9226999796238852);
    let turned = CLEAN.map(|[a, b, c]| [5.0 * b + 7.0, -5.0 * a, 5.0 * c - 1.0]);
    close(cka(&cross(&CLEAN, &turned), 3, 0).unwrap(), 1.0);
    assert_eq!(cka(&cross(&CLEAN, &[[1.0; 3]; 6]), 3, 0), None, "one side does not vary");
    assert_eq!(measures_of(Kind::CleanCorrupted, 3, &sums, 1), [(Measure::Cka, cka(&sums, 3, 1).unwrap())]);
}

/// Logits that are all alike, as 20,000 pixels leave their sums: no similarity and no dimensions, and no line in the
/// list.
#[test]
fn constant_logits_are_like_nothing() {
    let clean: Vec<[f64; 3]> = (0..20_000).map(|i| CLEAN[i % 6]).collect();
    for level in [[0.1, 0.7, -1.9], [1.3, -0.3, 4.1]] {
        let same = vec![level.map(|x| f64::from(x as f32)); clean.len()];
        for sums in [cross(&clean, &same), cross(&same, &clean), cross(&same, &same)] {
            assert_eq!((cka(&sums, 3, 0), cka(&sums, 3, 1)), (None, None));
        }
        let own = cross(&same, &same);
        let pixels: Vec<f64> = own[..4].iter().chain(&own[7..16]).copied().collect();
        assert_eq!(measures_of(Kind::Pixels, 3, &pixels, 1), []);
    }
}

/// Confidences .1 .35 .4 .62 .7 .95 .99, of which the 2nd, 4th, 6th and 7th are right, in five bins. numpy:
/// `sum(m.mean() * abs(ok[m].mean() - conf[m].mean()) for each bin's mask m)` = 0.21857142857142856.
#[test]
fn ece_and_brier_follow_from_bins() {
    let pixels = [(0.1, 0), (0.35, 1), (0.4, 0), (0.62, 1), (0.7, 0), (0.95, 1), (0.99, 1)];
    let mut bins = [[0.0; 3]; 5];
    for (confidence, right) in pixels {
        let bin = &mut bins[(confidence * 5.0) as usize];
        bin.iter_mut().zip([1.0, f64::from(right), confidence]).for_each(|(b, x)| *b += x);
    }
    let sums: Vec<f64> = bins.concat().into_iter().chain([7.0, 2.1]).collect();
    let found = measures_of(Kind::Softmax, 5, &sums, 1);
    assert_eq!(found.len(), 2);
    close(found[0].1, 0.21857142857142856);
    close(found[1].1, 0.3);
    assert_eq!((found[0].0, found[1].0), (Measure::Ece, Measure::Brier));
    assert!(measures_of(Kind::Softmax, 5, &[0.0; 17], 1).is_empty());
    let end = measures_of(Kind::NonDistinctiveness, 0, &[8.0, 2.0, 3.0], 1);
    assert_eq!(end, [(Measure::NonDistinctivenessJoint, 0.25), (Measure::NonDistinctivenessPairwise, 0.375)]);
}

fn series() -> Series {
    Series::new(ModelId::new("scribe").unwrap(), 0, Mode::single())
}

/// Two blocks whose END is 0.2 and 0.6: of the four draws one gives 0.2, two 0.4 and one 0.6.
#[test]
fn blocks_are_drawn_and_not_pixels() {
    let mut v = View::new(&["background", "cat"], &["a", "b", "c"]);
    v.models = vec![series().model];
    v.blocks = vec![3, 9, 3];
    let cell = Cell { series: series(), condition: Condition::clean() };
    v.insert_sums(&cell, Kind::NonDistinctiveness, 9, 0, vec![10.0, 6.0, 0.0]);
    v.insert_sums(&cell, Kind::NonDistinctiveness, 3, 0, vec![10.0, 2.0, 0.0]);
    let m = Measured::new(&v, &Bootstrap { resamples: 2000, ..HOW });
    assert_eq!(m.blocks(), 2);
    let (value, draws) = m
        .get(&series().model, &Mode::single(), &Condition::clean(), Measure::NonDistinctivenessJoint)
        .unwrap();
    close(*value, 0.4);
    for (x, odds) in [(0.2, 0.25), (0.4, 0.5), (0.6, 0.25)] {
        let share = draws.iter().filter(|d| (**d - x).abs() < 1e-12).count() as f64 / 2000.0;
        assert!((share - odds).abs() < 0.04, "{x}: {share}");
    }
    let i = m
        .interval(&series().model, &Mode::single(), &Condition::clean(), Measure::NonDistinctivenessJoint)
        .unwrap();
    close(i.low, 0.2);
    close(i.high, 0.6);
}

#[test]
fn every_measure_of_the_made_up_view_has_an_interval_around_it() {
    let view = common::made_up();
    let m = Measured::new(&view, &Bootstrap { resamples: 60, ..HOW });
    let all: Vec<_> = m.all().collect();
    // Per model: 16 conditions with 8 spectral measures, 2 calibration, 2 END; 8 of class means clean; 15 of CKA.
    assert_eq!(all.len(), 3 * (16 * 12 + 8 + 15));
    assert!(all.iter().all(|(.., i)| i.low <= i.high && i.low.is_finite()), "{all:?}");
    let of = |m: Measure| all.iter().filter(|a| a.3 == m).count();
    assert_eq!((of(Measure::Cka), of(Measure::Ece), of(Measure::SigmoidEce)), (45, 48, 0));
    // The made-up cross-covariance is c times the identity with c^2 = 1 / (1 + severity).
    let fog = Condition::new("fog", 3).unwrap();
    close(m.interval(&view.models[0], &Mode::single(), &fog, Measure::Cka).unwrap().value, 0.25);
    let diagrams = reliability(&view, &Mode::single(), Kind::Softmax);
    assert_eq!(diagrams.len(), 3 * 6);
    assert!(diagrams.iter().all(|d| d.points.len() == 15));
}

/// The made-up models share one direction that grows with severity: the rank falls while the drop grows.
#[test]
fn wiggle_room_is_tested_with_its_interval() {
    let view = common::made_up();
    let m = Measured::new(&view, &Bootstrap { resamples: 60, ..HOW });
    let single = Mode::single();
    let results = Results::new(&view);
    let wiggle = Wiggle::new(&results, &m, &single);
    let tests = wiggle.tests();
    assert_eq!(tests.len(), 2 * (3 + 3), "two measures of three models and three pairs");
    for t in tests.iter().filter(|t| t.subject.1.is_none()) {
        assert_eq!(t.conditions, 15);
        assert!(t.rho.value < -0.5 && t.rho.low <= t.rho.value, "{t:?}");
        assert!(t.within_severity.is_some_and(|w| (-1.0..=1.0).contains(&w.value)), "{t:?}");
    }
    let points = wiggle.points(Measure::DIMENSIONS, &view.models[2], Some(&view.models[0]));
    let own = wiggle.points(Measure::DIMENSIONS, &view.models[2], None);
    let other = wiggle.points(Measure::DIMENSIONS, &view.models[0], None);
    close(points[4].measure, own[4].measure - other[4].measure);
    close(points[4].drop, own[4].drop - other[4].drop);
}

/// Classes 1 to 4 receive 0, 10, 8 and 1 pixels from other foreground classes; the rarest class of the training set
/// least.
#[test]
fn the_label_frequency_test_has_an_interval_over_pictures() {
    let mut v = View::new(&["background", "a", "b", "c", "d"], &["x", "y"]);
    let cell = Cell { series: series(), condition: Condition::new("fog", 1).unwrap() };
    for picture in 0..2 {
        let mut c = Confusion::new(5);
        for (t, p, n) in [(1, 2, 10), (1, 0, 30), (2, 3, 8), (3, 4, 1), (0, 1, 7)] {
            c.add(&vec![t; n], &vec![p; n]).unwrap();
        }
        v.insert(&cell, picture, SparseConfusion::try_from(&c).unwrap()).unwrap();
    }
    let of =
        |frequency: &[u64]| errors::frequency(&v, &series().model, &Mode::single(), frequency, &HOW).unwrap();
    let agree = of(&[0, 1, 40, 30, 20]);
    assert_eq!((agree.rho.value, agree.rho.low, agree.rho.high), (1.0, 1.0, 1.0));
    close(of(&[0, 40, 1, 20, 30]).rho.value, -1.0);
    // Two of the 24 orders of four classes reach |rho| = 1: no order of so few can be established at 5 %.
    assert!((agree.p - 2.0 / 24.0).abs() < 0.01, "{}", agree.p);
    assert_eq!(
        agree.verdict(crate::verdict::HoldsFor::TheseTrainings),
        "not established: 4 classes are too few to tell"
    );
    assert!(errors::frequency(&v, &series().model, &Mode::single(), &[0, 1, 2, 0, 0], &HOW).is_none());
}
