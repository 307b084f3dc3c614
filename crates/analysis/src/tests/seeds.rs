//! Training seeds: which models share their draw, and the one definition of a ratio over several seeds.

use super::two_classes::{id, picture};
use crate::Results;
use crate::classes::{ClassIous, ClassSet};
use crate::measures::{Kind, Measure, Measured};
use crate::seeds::SeedResults;
use crate::tables::table2;
use crate::{Bootstrap, Cell, Interval, ModeChoice, Quantity, Resampled, View};
use scribe_records::{Condition, Confusion, Mode, Series, SparseConfusion};

/// Right foreground pixels of ten, seed by seed: the first seed is unlucky for both models, the last one lucky.
const BASELINE: [usize; 3] = [2, 5, 8];
const SCRIBE: [usize; 3] = [3, 5, 9];
const HOW: Bootstrap = Bootstrap { resamples: 4000, level: 0.8, seed: 1, ..Bootstrap::STANDARD };

/// The mIoU of [`picture`], by hand: the foreground's `right / 10` and the background's `10 / (20 - right)`.
fn at(right: usize) -> f64 {
    f64::midpoint(right as f64 / 10.0, 10.0 / (20.0 - right as f64))
}

fn cell(model: &str, seed: u64, condition: Condition) -> Cell {
    Cell { series: Series::new(id(model), seed, Mode::single()), condition }
}

/// One picture, so that all of an interval is the seeds'; the second model's seeds are numbered from `first`.
fn view(first: u64, trained: &[&str]) -> View {
    let mut v = View::new(&["background", "cat"], &["a"]);
    for (model, rights, first) in [("baseline", BASELINE, 0), ("scribe", SCRIBE, first)] {
        for (seed, right) in (first..).zip(rights) {
            v.insert(&cell(model, seed, Condition::clean()), 0, picture(right)).unwrap();
            let end = vec![1.0, right as f64 / 10.0, 0.0];
            v.insert_sums(&cell(model, seed, Condition::clean()), Kind::NonDistinctiveness, 0, 0, end);
        }
    }
    v.trained = trained.iter().map(|m| id(m)).collect();
    v
}

fn gap(v: &View) -> Interval {
    let r = Resampled::new(v, &HOW);
    r.paired_gap(
        Results::new(v).of(&id("scribe"), ModeChoice::Single),
        Results::new(v).of(&id("baseline"), ModeChoice::Single),
        Quantity::Clean,
    )
    .unwrap()
}

/// All ways to draw three of three seeds, each as the mean of what the drawn seeds give.
fn draws(of: impl Fn(usize) -> f64) -> Vec<f64> {
    (0..27).map(|i| (of(i / 9) + of(i / 3 % 3) + of(i % 3)) / 3.0).collect()
}

#[test]
fn models_that_the_run_trained_with_the_same_seeds_draw_them_together() {
    let mut paired = draws(|s| at(SCRIBE[s]) - at(BASELINE[s]));
    paired.sort_by(f64::total_cmp);
    let mut apart: Vec<f64> = Vec::new();
    for a in draws(|s| at(SCRIBE[s])) {
        apart.extend(draws(|s| at(BASELINE[s])).iter().map(|b| a - b));
    }
    apart.sort_by(f64::total_cmp);
    let shared = gap(&view(0, &["baseline", "scribe"]));
    // The 10 % and 90 % points of 27 equally likely draws: the third and the twenty-fifth.
    assert!((shared.low - paired[2]).abs() < 1e-12 && (shared.high - paired[24]).abs() < 1e-12, "{shared:?}");
    assert!(shared.low >= 0.0, "no seed of SCrIBE is behind the same seed of the Baseline: {shared:?}");
    // Entered from outside, or other seed numbers: nothing is shared, and the sign of the difference is open.
    for v in [view(0, &["baseline"]), view(0, &[]), view(5, &["baseline", "scribe"])] {
        let gap = gap(&v);
        let near = |x: f64, at: usize| (apart[at - 15]..=apart[at + 15]).contains(&x);
        assert!(near(gap.low, 73) && near(gap.high, 656), "{gap:?}, {} to {}", apart[73], apart[656]);
        assert!(gap.low < 0.0 && gap.high - gap.low > 3.0 * (shared.high - shared.low), "{gap:?}");
        assert_eq!(gap.value, shared.value);
    }
}

#[test]
fn measures_of_sums_share_the_draw_of_seeds_too() {
    let clean = Condition::clean();
    let ends = |v: &View| {
        let m = Measured::new(v, &HOW);
        m.gap(
            (&id("scribe"), &id("baseline")),
            &Mode::single(),
            std::slice::from_ref(&clean),
            Measure::NonDistinctivenessJoint,
        )
        .unwrap()
    };
    let mut paired = draws(|s| SCRIBE[s] as f64 / 10.0 - BASELINE[s] as f64 / 10.0);
    paired.sort_by(f64::total_cmp);
    let shared = ends(&view(0, &["baseline", "scribe"]));
    assert!((shared.low - paired[2]).abs() < 1e-12 && (shared.high - paired[24]).abs() < 1e-12, "{shared:?}");
    assert!(ends(&view(0, &[])).low < -0.1);
}

#[test]
fn a_seed_without_results_counts_in_no_mean() {
    let mut v = view(0, &["baseline", "scribe"]);
    let fog = Condition::new("fog", 1).unwrap();
    v.insert(&cell("baseline", 2, fog.clone()), 0, picture(4)).unwrap();
    let r = Resampled::new(&v, &HOW);
    let i =
        r.interval(Results::new(&v).of(&id("baseline"), ModeChoice::Single), Quantity::One(&fog)).unwrap();
    assert!((i.low - at(4)).abs() < 1e-12 && (i.high - at(4)).abs() < 1e-12, "{i:?}");
    // Eight of 27 draws of three seeds hold the other two only.
    let share = i.dropped as f64 / HOW.resamples as f64;
    assert!((share - 8.0 / 27.0).abs() < 0.03 && i.draws + i.dropped == HOW.resamples, "{i:?}");
}

#[test]
fn rpc_is_the_ratio_of_the_two_printed_means() {
    let mut v = View::new(&["background", "cat"], &["a"]);
    let fog = Condition::new("fog", 1).unwrap();
    for (seed, (clean, foggy)) in [(9, 8), (5, 2)].into_iter().enumerate() {
        v.insert(&cell("baseline", seed as u64, Condition::clean()), 0, picture(clean)).unwrap();
        v.insert(&cell("baseline", seed as u64, fog.clone()), 0, picture(foggy)).unwrap();
    }
    let (model, choice) = (id("baseline"), ModeChoice::Single);
    let want = (at(8) + at(2)) / (at(9) + at(5));
    let each = [at(8) / at(9), at(2) / at(5)];
    assert!((want - f64::midpoint(each[0], each[1])).abs() > 0.02, "the two definitions differ here");
    let close = |got: f64| assert!((got - want).abs() < 1e-12, "{got} {want}");
    let table = table2(&Results::new(&v));
    let column = |key: &str| {
        let at = table.columns.iter().position(|c| c.key == key).unwrap();
        table.rows[0].values[at].unwrap()
    };
    close(column("rpc"));
    close(column("cor") / column("val"));
    let spread = SeedResults::new(Results::new(&v).of(&model, choice)).spread(Quantity::Rpc).unwrap();
    close(spread.value);
    assert_eq!(spread.values, [(0, each[0]), (1, each[1])]);
    assert!((spread.deviation.unwrap() - (each[0] - each[1]).abs() / 2f64.sqrt()).abs() < 1e-12);
    let r = Resampled::new(&v, &HOW);
    close(r.interval(Results::new(&v).of(&model, choice), Quantity::Rpc).unwrap().value);
    let [kept, base, foggy] = [Quantity::Rpc, Quantity::Clean, Quantity::Cor]
        .map(|quantity| r.draws(Results::new(&v).of(&model, choice), quantity).unwrap());
    assert!(kept.iter().zip(base.iter().zip(&foggy)).all(|(k, (b, f))| (k - f / b).abs() < 1e-12));
}

/// 9 of ten pixels found with ten false ones, and 5 of ten with none.
#[test]
fn a_class_over_seeds_is_the_mean_of_its_ious() {
    let mut v = View::new(&["background", "cat"], &["a"]);
    for (seed, (right, false_ones)) in [(9, 10), (5, 0)].into_iter().enumerate() {
        let mut c = Confusion::new(2);
        for (truth, pred, n) in
            [(1, 1, right), (1, 0, 10 - right), (0, 1, false_ones), (0, 0, 10 - false_ones)]
        {
            c.add(&vec![truth; n], &vec![pred; n]).unwrap();
        }
        let c = SparseConfusion::try_from(&c).unwrap();
        v.insert(&cell("baseline", seed as u64, Condition::clean()), 0, c).unwrap();
    }
    let all = ClassIous::new(&v, &Bootstrap { resamples: 200, ..Bootstrap::STANDARD });
    let ious = all.get(&id("baseline"), &Mode::single(), &ClassSet::One(Condition::clean())).unwrap();
    let iou = ious[1].unwrap();
    // 9 of 20 and 5 of 10; pooled it would be 14 of 30. With one picture the interval draws the two seeds alone.
    assert!((iou.value - 0.475).abs() < 1e-12, "{ious:?}");
    assert_eq!((iou.low, iou.high), (0.45, 0.5));
}
