//! The split of a variance into pictures, draws and trainings, by hand and against a program of matrices.

use super::two_classes::{id, picture};
use crate::variance::{Crossed, Parts, VarianceSplits};
use crate::{Bootstrap, Cell, ModeChoice, Quantity, Resampled, Results, View};
use scribe_records::{Condition, Mode, Series};

fn near(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-12 * expected.abs().max(1.0), "{found} {expected}");
}

/// Two pictures, trainings and draws whose values are sums of +- effects: 8 of pictures, 4 of trainings and of draws, 2 of
/// pictures with either, 1 of trainings with draws, 1 of all three. An effect of +-a over 8 values with one degree of
/// freedom has the mean square 8 a^2: 512 for pictures (P), 128 for T and D, 32 for PT and PD, 8 for TD and PTD.
///
/// The components: PTD 8; PT and PD (32 - 8) / 2 = 12; TD (8 - 8) / 2 = 0; P (512 - 32 - 32 + 8) / 4 = 114; T and D
/// (128 - 32 - 8 + 8) / 4 = 24. Of the mean: pictures 114 / 2 = 57; draws and trainings 24 / 2 + 12 / 4 = 15 each; both
/// 0 / 4 + 8 / 8 = 1; together 88. A mean under a single draw has 2 x 15 = 30 from the draws.
#[test]
fn two_by_two_by_two_by_hand() {
    let sign = |bit: usize| if bit == 0 { -1.0 } else { 1.0 };
    let value = |at: usize| {
        let [p, t, d] = [sign(at >> 2 & 1), sign(at >> 1 & 1), sign(at & 1)];
        50.0 + 8.0 * p + 4.0 * t + 4.0 * d + 2.0 * p * t + 2.0 * p * d + t * d + p * t * d
    };
    let crossed = Crossed { levels: [2, 2, 2], values: (0..8).map(value).collect() };
    let parts = crossed.split().unwrap();
    let expected = Parts {
        pictures: 57.0,
        draws: Some(15.0),
        trainings: Some(15.0),
        both: Some(1.0),
        one_draw: Some(30.0),
    };
    assert_eq!(parts, expected);
    assert_eq!(parts.total(), 88.0);
}

/// The expected numbers are those of this program, which solves for the components with projections and traces instead of
/// differences of mean squares, and counts negative ones as 0 (numpy 2):
///
/// ```python
/// import itertools, numpy as np
/// n = P, T, D = 3, 2, 4
/// x = np.array([[[((7*p + 5*t + 3*d + 2*p*t + p*p*d + t*d*d*p) % 11) / 10 for d in range(D)] for t in range(T)] for p in range(P)])
/// sets = [s for r in (1, 2, 3) for s in itertools.combinations(range(3), r)]
/// kron = lambda f: np.kron(np.kron(f(0), f(1)), f(2))
/// centre = lambda k: np.eye(k) - np.ones((k, k)) / k
/// proj = {s: kron(lambda f: centre(n[f]) if f in s else np.ones((n[f], n[f])) / n[f]) for s in sets}
/// cov = {s: kron(lambda f: np.eye(n[f]) if f in s else np.ones((n[f], n[f]))) for s in sets}
/// squares = [x.ravel() @ proj[s] @ x.ravel() for s in sets]
/// traces = [[np.trace(proj[s] @ cov[t]) for t in sets] for s in sets]
/// sigma = dict(zip(sets, np.linalg.solve(traces, squares)))
/// part = {s: max(sigma[s], 0) / np.prod([n[f] for f in s]) for s in sets}
/// print(part[0,], part[2,] + part[0, 2], part[1,] + part[0, 1], part[1, 2] + part[0, 1, 2])
/// y = x[:, 0]; r = y.mean(1); c = y.mean(0); m = y.mean()    # the first training alone: two factors
/// msp = D * ((r - m)**2).sum() / (P - 1); msd = P * ((c - m)**2).sum() / (D - 1)
/// mse = ((y - r[:, None] - c[None] + m)**2).sum() / ((P - 1) * (D - 1))
/// print(max((msp - mse) / D, 0) / P, max((msd - mse) / P, 0) / D + mse / (P * D))
/// ```
#[test]
fn three_by_two_by_four_as_numpy_solves_it() {
    let value = |p: usize, t: usize, d: usize| {
        ((7 * p + 5 * t + 3 * d + 2 * p * t + p * p * d + t * d * d * p) % 11) as f64 / 10.0
    };
    let values = |trainings: usize| {
        (0..3 * trainings * 4).map(move |i| value(i / (trainings * 4), i / 4 % trainings, i % 4))
    };
    let parts = Crossed { levels: [3, 2, 4], values: values(2).collect() }.split().unwrap();
    near(Some(parts.pictures), 0.0031944444444444615);
    near(parts.draws, 0.0010416666666666723);
    near(parts.trainings, 0.0);
    near(parts.both, 0.007662037037037038);
    let of_one = Crossed { levels: [3, 1, 4], values: values(1).collect() }.split().unwrap();
    near(Some(of_one.pictures), 0.0);
    near(of_one.draws, 0.014930555555555556);
    assert_eq!((of_one.trainings, of_one.both), (None, None));
    assert!(Crossed { levels: [1, 2, 1], values: vec![1.0, 2.0] }.split().is_none());
}

/// Two models of one training over four pictures: fog has two draws, in the second of which a given number of pixels more
/// is right in every picture; contrast has no draw.
fn view(more: [usize; 2]) -> View {
    let mut v = View::new(&["background", "cat"], &["a", "b", "c", "d"]);
    let conditions =
        [Condition::clean(), Condition::new("fog", 1).unwrap(), Condition::new("contrast", 1).unwrap()];
    for (model, more) in ["baseline", "scribe"].into_iter().zip(more) {
        for condition in &conditions {
            let series = Series::new(id(model), 0, Mode::single());
            let cell = Cell { series, condition: condition.clone() };
            for (i, right) in [3, 4, 5, 6].into_iter().enumerate() {
                v.insert(&cell, i, picture(right)).unwrap();
                if condition.corruption == "fog" {
                    v.insert_further(9, &cell, i, picture(right + more)).unwrap();
                }
            }
        }
    }
    v.finish_further(&[7, 9]);
    v
}

/// The mIoU of four pictures of which `right` of 40 foreground pixels and all 40 of background are right: the background's
/// IoU is 40 / (40 + 40 - right).
fn miou(right: f64) -> f64 {
    f64::midpoint(right / 40.0, 40.0 / (80.0 - right))
}

#[test]
fn a_cell_is_the_mean_over_its_draws_and_one_without_a_draw_is_itself() {
    let v = view([2, 2]);
    let results = Results::new(&v);
    let of = results.of(&id("baseline"), ModeChoice::Single);
    let [fog, contrast] = ["fog", "contrast"].map(|name| Condition::new(name, 1).unwrap());
    // 3 + 4 + 5 + 6 = 18 right in the first draw, 18 + 4 x 2 = 26 in the second.
    near(of.at(&fog), f64::midpoint(miou(18.0), miou(26.0)));
    near(of.at(&contrast), miou(18.0));
    let splits = VarianceSplits::new(&results).unwrap();
    let get = |quantity: &str| splits.get((&id("baseline"), None), ModeChoice::Single, quantity).unwrap();
    assert_eq!((get("contrast:1").drawn, get("contrast:1").parts.draws), (false, None));
    assert_eq!(get("clean").parts.draws, None);
    // The draws alone: half of the sample variance of two numbers, (a - b)^2 / 2 / 2, and what the pictures vary in it, which
    // is less than nothing only where it is the residual: the split is that of draws by the analysis of variance.
    let one = get("fog:1").parts.one_draw.unwrap();
    let spread = (miou(18.0) - miou(26.0)).powi(2) / 2.0;
    assert!((one - spread).abs() < 0.02 * spread, "{one} {spread}");
    assert!(get("corrupted").parts.draws.unwrap() < get("fog:1").parts.draws.unwrap());
    assert!(view([0, 0]).master_seeds == [7, 9] && View::new(&["a", "b"], &["c"]).draw_count() == 1);
}

#[test]
fn draws_count_in_intervals_and_are_the_same_for_all_models() {
    let how = Bootstrap { resamples: 200, level: 0.95, seed: 3, ..Bootstrap::STANDARD };
    let width = |v: &View| {
        let (results, resampled) = (Results::new(v), Resampled::new(v, &how));
        let i = resampled.interval(results.of(&id("baseline"), ModeChoice::Single), Quantity::Cor).unwrap();
        i.high - i.low
    };
    assert!(width(&view([3, 3])) > width(&view([0, 0])) + 0.01);
    // Both models gain as much in the second draw: their difference is 0 in every resample.
    let v = view([3, 3]);
    let (results, resampled) = (Results::new(&v), Resampled::new(&v, &how));
    let [a, b] = ["baseline", "scribe"].map(|m| results.of(&id(m), ModeChoice::Single));
    let gap = resampled.paired_gap(a, b, Quantity::Cor).unwrap();
    assert_eq!((gap.value, gap.low, gap.high), (0.0, 0.0, 0.0));
}

#[test]
fn a_draw_that_lacks_pictures_is_left_out() {
    let mut v = view([1, 1]);
    let cell = v.further.keys().next().unwrap().clone();
    v.insert_further(11, &cell, 0, picture(5)).unwrap();
    v.finish_further(&[7, 9, 11]);
    assert_eq!(v.master_seeds, [7, 9]);
}

/// The models are alike but for the second draw of fog, in which SCrIBE finds 12 pixels more than the 18 of 40 of both
/// otherwise. Clean, and in what the pictures give both, the difference is 0 where the model's own number is not.
#[test]
fn what_two_models_have_in_common_cancels_in_their_difference() {
    let v = view([0, 3]);
    let splits = VarianceSplits::new(&Results::new(&v)).unwrap();
    let [a, b] = ["scribe", "baseline"].map(id);
    let get = |quantity: &str| splits.get((&a, Some(&b)), ModeChoice::Single, quantity).unwrap();
    let clean = get("clean");
    assert_eq!((clean.value, clean.parts.total(), clean.parts.draws), (0.0, 0.0, None));
    assert!(splits.get((&a, None), ModeChoice::Single, "clean").unwrap().parts.pictures > 1e-4);
    near(Some(get("fog:1").value), (miou(30.0) - miou(18.0)) / 2.0);
    let one = get("fog:1").parts.one_draw.unwrap();
    let spread = (miou(30.0) - miou(18.0)).powi(2) / 2.0;
    assert!((one - spread).abs() < 0.02 * spread, "{one} {spread}");
    assert!(splits.get((&b, Some(&a)), ModeChoice::Single, "clean").is_none());
    let listed = crate::render::variance_list::variance(&v, &splits);
    assert!(
        listed.contains("\nSCrIBE − Baseline,scribe - baseline,single,clean,0.000,0.0000,,,,0.0000,,1,1\n"),
        "{listed}"
    );
}
