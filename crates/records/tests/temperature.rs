//! Calibration over temperatures: literal numbers of numpy on the same logits, stored and joined.

mod common;

use common::*;
use scribe_records::*;

const K: usize = 4;
const N: usize = 40;

/// Four planes of forty logits, the labels, of which some are void, and the predicted classes, by formula.
fn image() -> (Vec<f32>, Vec<u8>, Vec<u8>) {
    let logits: Vec<f32> = (0..K * N).map(|i| ((i * i * 13 + i * 7) % 97) as f32 / 16.0 - 3.0).collect();
    let best = |pixel: usize| {
        (0..K).rev().max_by(|a, b| logits[a * N + pixel].total_cmp(&logits[b * N + pixel])).unwrap() as u8
    };
    let predicted: Vec<u8> = (0..N).map(best).collect();
    let truth = |pixel: usize| match pixel {
        void if void % 11 == 10 => VOID,
        wrong if wrong % 3 == 0 => ((wrong * 5 + 1) % K) as u8,
        right => predicted[right],
    };
    (logits, (0..N).map(truth).collect(), predicted)
}

fn sweep(kind: Probability) -> TemperatureSweep {
    let (logits, truth, predicted) = image();
    let mut sweep = TemperatureSweep::new(10);
    sweep.fit_image(kind, &logits, K, &truth).unwrap();
    sweep.score_image(kind, &logits, K, &truth, &predicted).unwrap();
    sweep
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12 * expected.abs().max(1.0), "{found} {expected}");
}

/// The expected numbers are printed by this program (numpy 2.4). For the softmax scikit-learn's `log_loss(y, p.T) * m` prints
/// the same loss at temperature 1, 42.36914217800705, and torchmetrics' `multiclass_calibration_error` over 10 bins 0.2402;
/// scipy's `minimize_scalar` of the loss ends at 1.6394 and 1.6969, of which the nearest of the grid is 1.6818.
///
/// ```python
/// import numpy as np
/// K, n = 4, 40
/// i = np.arange(K * n).reshape(K, n); j = np.arange(n)
/// z = ((i * i * 13 + i * 7) % 97 / 16 - 3).astype(float); y = (j * 5 + 1) % K
/// y[j % 3 != 0] = z.argmax(0)[j % 3 != 0]
/// z, y = z[:, j % 11 != 10], y[j % 11 != 10]
/// m = len(y); j = np.arange(m); hot = np.eye(K)[y].T; pred = z.argmax(0)
/// T = 2.0 ** ((np.arange(21) - 8) / 4)
/// softmax = lambda z: np.exp(z - z.max(0)) / np.exp(z - z.max(0)).sum(0)
/// sigmoid = lambda z: 1 / (1 + np.exp(-z))
/// def loss(f, p): return -(np.log(p[y, j]) if f is softmax else hot * np.log(p) + (1 - hot) * np.log(1 - p)).sum()
/// for f in softmax, sigmoid:
///     losses = [loss(f, f(z / t)) for t in T]
///     best = np.argmin(losses); print(best, losses[8], losses[best])
///     for t in T[[8, best, 0, 20]]:
///         p = f(z / t); c = p[pred, j]; b = np.minimum((c * 10).astype(int), 9)
///         ece = sum(abs(((pred == y) - c)[b == k].sum()) for k in range(10)) / m
///         print(t, ece, ((p - hot) ** 2).sum())
/// ```
#[test]
fn loss_ece_and_brier_at_every_temperature_are_those_of_numpy() {
    let expected = [
        (
            Probability::Softmax,
            [42.36914217800705, 39.718106140151754],
            [
                (8, 0.24024167495252605, 20.70246469626119),
                (11, 0.16486333486645685, 20.775712264412256),
                (0, 0.1690363082806312, 20.82766876993395),
                (20, 0.36744318540409, 25.313159392799513),
            ],
        ),
        (
            Probability::Sigmoid,
            [92.85521571148156, 88.00217249304774],
            [
                (8, 0.20536073761220805, 31.63011490895643),
                (11, 0.16454930187363048, 30.212295193017766),
                (0, 0.3077351979097907, 40.95267291889411),
                (20, 0.1301574147504062, 34.09982123233551),
            ],
        ),
    ];
    for (kind, losses, at) in expected {
        let sweep = sweep(kind);
        // Every eleventh of 40 pixels is void.
        assert_eq!((sweep.fit_pixels(), sweep.best()), (37, Some(11)));
        near(sweep.losses()[UNSCALED], losses[0]);
        near(sweep.losses()[11], losses[1]);
        for (place, ece, squares) in at {
            near(sweep.scored()[place].ece().unwrap(), ece);
            near(sweep.scored()[place].squares(), squares);
        }
        assert_eq!(sweep.ranks().iter().map(|bin| bin.count).sum::<u64>(), 37);
    }
    near(temperature(11), 1.681792830507429);
}

#[test]
fn large_logits_give_finite_sums() {
    for kind in [Probability::Softmax, Probability::Sigmoid] {
        let mut sweep = TemperatureSweep::new(10);
        let (logits, truth) = ([900.0, -900.0, -900.0, 900.0], [0, 0]);
        sweep.fit_image(kind, &logits, 2, &truth).unwrap();
        sweep.score_image(kind, &logits, 2, &truth, &[0, 1]).unwrap();
        assert!(sweep.losses().iter().all(|loss| loss.is_finite()), "{kind}");
        let scored = &sweep.scored()[UNSCALED];
        // One pixel is right for sure; the other is wrong for sure in both classes.
        assert_eq!((scored.squares(), scored.ece()), (2.0, Some(0.5)), "{kind}");
        assert_eq!(sweep.ranks()[RANKS - 1].count, 2);
    }
}

/// python3 -c "import hashlib; print([hashlib.sha256(i.encode()).digest()[8] & 1 for i in ['2007_000033','2007_000042','a','b','c']])"
#[test]
fn the_halves_are_what_python_says() {
    let fitted = ["2007_000033", "2007_000042", "a", "b", "c"].map(is_fitted_on);
    // It prints [0, 1, 0, 1, 1], and 0 is fitted on.
    assert_eq!(fitted, [true, false, true, false, false]);
}

fn with_sweeps(image: &str, condition: &Condition, of: &[Series]) -> Unit {
    let mut unit = unit(image, condition, of);
    for series in of {
        let kinds = [Probability::Softmax, Probability::Sigmoid].map(|kind| (kind, sweep(kind)));
        unit.sweeps.push((series.clone(), TemperatureSweeps { of: kinds.to_vec() }));
    }
    unit
}

#[test]
fn sweeps_are_summed_by_block_read_back_and_joined() {
    let dir = tempfile::tempdir().unwrap();
    let of = [series("softmax", 0, Mode::single())];
    let clean = Condition::clean();
    let manifest = Manifest { corruptions: Vec::new(), ..manifest() };
    let store = |name: &str, wanted: &dyn Fn(&str) -> bool| {
        let mut store = Store::create(&dir.path().join(name), &manifest).unwrap();
        for image in manifest.images.iter().filter(|image| wanted(image)) {
            store.commit(&with_sweeps(image, &clean, &of)).unwrap();
        }
        store
    };
    let whole = store("whole", &|_| true);
    let blocks = whole.sweep_blocks(&of[0], &clean).unwrap();
    assert_eq!(blocks.iter().map(|b| b.image_count).sum::<u64>(), 3);
    for block in &blocks {
        for (kind, found) in &block.sums.of {
            let mut expected = TemperatureSweep::new(10);
            (0..block.image_count).for_each(|_| expected.merge(&sweep(*kind)).unwrap());
            assert_eq!(*found, expected);
        }
    }
    let parts = [0, 1].map(|s| store(&format!("{s}"), &|i| in_shard(i, 2, s, 2)));
    let joined = Store::merge(&dir.path().join("joined"), &parts).unwrap();
    assert_eq!(joined.sweep_blocks(&of[0], &clean).unwrap(), blocks);
    assert_eq!(joined.sweep_keys().unwrap(), [(of[0].clone(), clean)]);
    let mut other = TemperatureSweep::new(9);
    assert!(other.merge(&sweep(Probability::Softmax)).is_err());
}
