//! Verdicts near the edge, resamples without a value, and intervals of the same quantity as their value.

use super::two_classes::{id, picture};
use crate::Results;
use crate::bootstrap::GOES_ON;
use crate::names::COLUMNS;
use crate::tables::{Difference, differences};
use crate::{Bootstrap, Cell, Interval, ModeChoice, Quantity, Resampled, View};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use scribe_records::{Condition, Confusion, Mode, Series, SparseConfusion};

const FEW: Bootstrap = Bootstrap { resamples: 100, level: 0.95, seed: 2, ..Bootstrap::STANDARD };
const PICTURES: usize = 30;

fn cell(model: &str, condition: Condition) -> Cell {
    Cell { series: Series::new(id(model), 0, Mode::single()), condition }
}

/// Two models over 46 conditions, the second a little better by chance in some and by more in others.
fn close_race() -> View {
    let names: Vec<String> = (0..PICTURES).map(|i| i.to_string()).collect();
    let mut v = View::new(&["background", "cat"], &names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let corrupted = COLUMNS.iter().flat_map(|c| (1..=3).map(|s| Condition::new(c.name, s).unwrap()));
    for (n, condition) in std::iter::once(Condition::clean()).chain(corrupted).enumerate() {
        let ahead = 0.6 + 0.004 * n as f64;
        for i in 0..PICTURES {
            let right = rng.random_range(2..8usize);
            let better = if rng.random_bool(ahead) { right + 1 } else { right - 1 };
            v.insert(&cell("baseline", condition.clone()), i, picture(right)).unwrap();
            v.insert(&cell("scribe", condition.clone()), i, picture(better)).unwrap();
        }
    }
    v
}

/// The interval of a difference from given resamples and no more.
fn plain(v: &View, how: &Bootstrap, quantity: Quantity<'_>) -> Interval {
    let r = Resampled::new(v, how);
    let [a, b] = ["scribe", "baseline"]
        .map(|m| r.draws(Results::new(v).of(&id(m), ModeChoice::Single), quantity).unwrap());
    let value = |m| Results::new(v).of(&id(m), ModeChoice::Single).value(quantity).unwrap();
    let gaps = a.iter().zip(&b).map(|(x, y)| x - y).collect();
    Interval::percentile(value("scribe") - value("baseline"), gaps, how.level)
}

fn conditions(v: &View) -> Vec<Condition> {
    v.corrupted().into_iter().collect()
}

#[test]
fn verdicts_near_the_edge_are_made_of_more_resamples() {
    let v = close_race();
    let many = Bootstrap { resamples: FEW.resamples * GOES_ON, ..FEW };
    let r = Resampled::new(&v, &FEW);
    let (mut turned, mut went_on, mut settled) = (0, 0, 0);
    for condition in &conditions(&v) {
        let quantity = Quantity::One(condition);
        let [few, all] = [&FEW, &many].map(|how| plain(&v, how, quantity));
        let gap = r
            .paired_gap(
                Results::new(&v).of(&id("scribe"), ModeChoice::Single),
                Results::new(&v).of(&id("baseline"), ModeChoice::Single),
                quantity,
            )
            .unwrap();
        turned += usize::from(few.excludes_zero() != all.excludes_zero());
        assert_eq!(gap.excludes_zero(), all.excludes_zero(), "{condition}: {gap:?}");
        if few.near_edge() {
            went_on += 1;
            settled += usize::from(!gap.near_edge());
            assert_eq!(gap, all, "{condition}");
        } else {
            assert_eq!(gap, few, "{condition}");
        }
    }
    assert!(turned > 0, "some verdicts turn between {} and {} resamples", FEW.resamples, many.resamples);
    assert!(went_on > turned && went_on < conditions(&v).len() && settled > 0, "{went_on} {settled}");
    // A ratio is made of the clean cell too.
    let kept = r
        .paired_gap(
            Results::new(&v).of(&id("scribe"), ModeChoice::Single),
            Results::new(&v).of(&id("baseline"), ModeChoice::Single),
            Quantity::Rpc,
        )
        .unwrap();
    let few = plain(&v, &FEW, Quantity::Rpc);
    assert_eq!(kept, if few.near_edge() { plain(&v, &many, Quantity::Rpc) } else { few });
}

/// By hand: 100 draws, of which 0 to 9 are below zero. Rank of the lower end 2.5 with deviation sqrt(100 * 0.025 *
/// 0.975) = 1.56, so draws up to rank 7 may be it.
#[test]
fn an_end_is_open_where_its_rank_may_lie_on_either_side() {
    let with = |below: i32| {
        let draws =
            (0..100).map(|i| if i < below { -1000.0 - f64::from(i) } else { 1.0 + f64::from(i) }).collect();
        Interval::percentile(50.0, draws, 0.95)
    };
    let open: Vec<i32> = (0..12).filter(|n| with(*n).near_edge()).collect();
    assert_eq!(open, [1, 2, 3, 4, 5, 6, 7]);
    assert!(with(2).excludes_zero() && !with(4).excludes_zero());
    let same = Interval::percentile(0.0, vec![0.0; 100], 0.95);
    assert!(!same.excludes_zero() && !same.near_edge(), "equal models are no edge case");
}

#[test]
fn threads_do_not_show_where_resamples_go_on() {
    let v = close_race();
    let on = |threads| -> Vec<Difference> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| differences(&Results::new(&v), &Resampled::new(&v, &FEW)))
    };
    let one = on(1);
    assert!(one.iter().any(|d| d.difference.draws > FEW.resamples));
    assert_eq!(one, on(3));
}

/// One of two pictures is all void: a quarter of the resamples draw nothing else, and have no mIoU.
#[test]
fn resamples_without_a_value_are_counted() {
    let mut v = View::new(&["background", "cat"], &["a", "b"]);
    let void = SparseConfusion::try_from(&Confusion::new(2)).unwrap();
    for (image, confusion) in [picture(4), void].into_iter().enumerate() {
        v.insert(&cell("baseline", Condition::clean()), image, confusion).unwrap();
    }
    let how = Bootstrap { resamples: 2000, level: 0.95, seed: 0, ..Bootstrap::STANDARD };
    let r = Resampled::new(&v, &how);
    let i = r.interval(Results::new(&v).of(&id("baseline"), ModeChoice::Single), Quantity::Clean).unwrap();
    let empty = r.draws(Results::new(&v).of(&id("baseline"), ModeChoice::Single), Quantity::Clean).unwrap();
    assert_eq!(i.dropped, empty.iter().filter(|x| x.is_nan()).count());
    assert_eq!(i.draws + i.dropped, 2000);
    assert!((i.dropped as f64 / 2000.0 - 0.25).abs() < 0.04, "{i:?}");
    let csv = crate::render::lists::cells(&Results::new(&v), &r);
    assert!(csv.contains(&format!(",{},{}\n", i.draws, i.dropped)), "{csv}");
}

/// The reference has two severities and the model one: both the error and its interval are of the severity that both
/// have.
#[test]
fn the_interval_of_a_corruption_error_is_over_the_severities_of_its_value() {
    let mut v = View::new(&["background", "cat"], &["a", "b"]);
    let fog = |s| Condition::new("fog", s).unwrap();
    for (model, severity, right) in [("baseline", 1, 8), ("baseline", 2, 2), ("scribe", 1, 9)] {
        for image in 0..2 {
            v.insert(&cell(model, fog(severity)), image, picture(right)).unwrap();
        }
    }
    let r = Resampled::new(&v, &FEW);
    let error = |right: f64| 1.0 - f64::midpoint(right / 10.0, 10.0 / (20.0 - right));
    for corruption in [Some("fog"), None] {
        let ce = r
            .corruption_error(
                Results::new(&v).of(&id("scribe"), ModeChoice::Single),
                Results::new(&v).of(&id("baseline"), ModeChoice::Single),
                corruption,
            )
            .unwrap();
        let want = error(9.0) / error(8.0);
        assert!([ce.value, ce.low, ce.high].iter().all(|x| (x - want).abs() < 1e-12), "{ce:?} {want}");
    }
}
