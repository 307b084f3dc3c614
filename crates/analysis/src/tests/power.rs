//! Numbers of pictures against plain statistics, and by simulation.

use super::two_classes::{id, picture};
use crate::gate::ScoredRun;
use crate::power::{PowerSettings, power, text};
use crate::{Bootstrap, Cell, View};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use scribe_records::{Condition, Mode, Series};

/// Two models on pictures of twenty pixels: of the ten foreground pixels the first finds 5, the second `right`.
fn run(right: &[usize]) -> ScoredRun {
    let names: Vec<String> = (0..right.len()).map(|i| i.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut view = View::new(&["background", "cat"], &names);
    for (model, found) in [("first", None), ("second", Some(right))] {
        let series = Series::new(id(model), 0, Mode::single());
        let cell = Cell { series, condition: Condition::clean() };
        for image in 0..right.len() {
            view.insert(&cell, image, picture(found.map_or(5, |right| right[image]))).unwrap();
        }
    }
    ScoredRun { name: "run".to_owned(), view, ..ScoredRun::default() }
}

/// Pixel accuracy of pictures of one size is a plain mean, so the spread of one picture is the sample standard deviation
/// of the pictures' differences.
///
/// numpy 2.4.6 and statsmodels 0.15.0: `d = (np.array([3, 5, 9, 4, 6, 8, 7, 5, 2, 6, 8, 7]) - 5) * 100 / 20`;
/// `d.std(ddof=1)`; `normal_sample_size_one_tail(2, 0.8, 0.025, std_null=d.std(ddof=1))`.
#[test]
fn the_spread_of_a_mean_is_the_sample_standard_deviation() {
    let run = run(&[3, 5, 9, 4, 6, 8, 7, 5, 2, 6, 8, 7]);
    let settings = PowerSettings {
        bootstrap: Bootstrap { resamples: 40_000, ..Bootstrap::STANDARD },
        difference: 2.0,
        ..PowerSettings::default()
    };
    let found = power(&run, None, &["accuracy".to_owned()], &settings).unwrap();
    let row = &found.rows[0];
    assert_eq!((row.a.as_str(), row.b.as_str(), found.rows.len()), ("second", "first", 1));
    let (deviation, images) = (NUMPY, STATSMODELS);
    // The standard deviation of 40,000 draws is known to 1 / sqrt(80,000) = 0.35 % of itself; three of these.
    assert!((row.spread / deviation - 1.0).abs() < 0.011, "{} {deviation}", row.spread);
    assert!((row.images / images - 1.0).abs() < 0.022, "{} {images}", row.images);
    // The mean of (right - 5) is 10 / 12 pixels of 20.
    assert!((row.difference.value - 100.0 * 10.0 / 12.0 / 20.0).abs() < 1e-9);
    assert!((row.shown * (12.0f64).sqrt() / row.spread - 2.801_585).abs() < 1e-5, "z of 0.975 and of 0.8");
}

/// A resample draws six of the twelve pairs of neighbours, the last and the first among them. In Python:
/// `d = [(v - 5) * 5 for v in [3, 3, 9, 9, 4, 4, 8, 8, 2, 2, 7, 7]]; b = [(d[i] + d[(i + 1) % 12]) / 2 for i in range(12)]`;
/// `math.sqrt(statistics.pvariance(b) / 6 * 12 * 6 / 5)`, where 6 / 5 is for six parts that are drawn from themselves.
#[test]
fn sequences_have_the_spread_of_what_is_drawn() {
    let run = run(&[3, 3, 9, 9, 4, 4, 8, 8, 2, 2, 7, 7]);
    let bootstrap = Bootstrap { resamples: 40_000, sequence: 2, ..Bootstrap::STANDARD };
    let settings = PowerSettings { bootstrap, ..PowerSettings::default() };
    let found = power(&run, None, &["accuracy".to_owned()], &settings).unwrap();
    let expected = 14.916_434;
    assert!((found.rows[0].spread / expected - 1.0).abs() < 0.011, "{} {expected}", found.rows[0].spread);
    let said = text(&found);
    assert!(
        said.contains("12 images drawn in sequences of 2; ") && said.contains("are 6 whole sequences"),
        "{said}"
    );
}

/// With as many pictures as `power` asks for, the interval leaves out zero in about four of five sets of pictures.
#[test]
fn so_many_pictures_show_the_difference_so_often() {
    let mut rng = ChaCha8Rng::seed_from_u64(17);
    // Differences of -2 to 3 pixels with equal odds: a mean of half a pixel, 2.5 points of accuracy.
    let mut draw = |n: usize| -> Vec<usize> { (0..n).map(|_| rng.random_range(3..=8)).collect() };
    let how = Bootstrap { resamples: 800, ..Bootstrap::STANDARD };
    let asked = ["accuracy".to_owned()];
    let settings = PowerSettings { bootstrap: how, difference: 2.5, ..PowerSettings::default() };
    let pilot = power(&run(&draw(400)), None, &asked, &settings).unwrap();
    let images = pilot.rows[0].images.ceil() as usize;
    // The variance of six equal steps of 5 points is 25 * 35 / 12, so (2.8016 / 2.5)^2 * 72.9 = 91.6 pictures.
    assert!((80..=104).contains(&images), "{images}");
    let trials = 400;
    let shown = (0..trials).filter(|_| {
        let found = power(&run(&draw(images)), None, &asked, &settings).unwrap();
        found.rows[0].difference.excludes_zero()
    });
    let share = shown.count() as f64 / f64::from(trials);
    // Three standard deviations of 400 trials are 0.06; the pilot's spread and the bootstrap add a little.
    assert!((share - 0.8).abs() < 0.08, "{share}");
}

#[test]
fn settings_and_runs_that_have_no_answer_are_refused() {
    let run = run(&[3, 5, 9]);
    let refused = |of: &str, settings: &PowerSettings| {
        power(&run, None, &[of.to_owned()], settings).unwrap_err().to_string()
    };
    let usual = PowerSettings::default();
    assert!(refused("accuracy@first", &usual).contains("no two models with this number"));
    assert!(refused("ece", &usual).contains("draw blocks of images"));
    assert!(refused("fog", &usual).contains("no condition or measure `fog`"));
    assert!(refused("rpc@", &usual).contains("expected [MEASURE][@MODEL][/CLASS]"));
    assert!(refused("miou", &PowerSettings { power: 1.0, ..usual.clone() }).contains("power is 1"));
    assert!(refused("miou", &PowerSettings { difference: 0.0, ..usual.clone() }).contains("difference is 0"));
    // A test at level 0.025 finds a difference that is not there so often: less is no power.
    let at_alpha = refused("miou", &PowerSettings { power: 0.025, ..usual.clone() });
    assert!(at_alpha.starts_with("power is 0.025, where alpha is 0.025; expected a probability above alpha"));
    let without = PowerSettings { baseline_model: Some("second".to_owned()), ..usual };
    assert!(refused("miou", &without).contains("the baseline's model is `second`, without a baseline"));
}

const NUMPY: f64 = 10.624_442_944_398_913;
const STATSMODELS: f64 = 221.493_007_654_926_9;
