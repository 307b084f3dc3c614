//! Logit moments: numbers that numpy printed, and merging.

use proptest::prelude::*;
use scribe_records::{Error, LogitMoments};

// python3 -c "import numpy as np
// v = np.array([[1, -2, 0.5, 3], [2, 0, -1, 1], [0.5, 4, 1, -1]]); p = np.array([0, 2, 0, 0])
// x = v[:, p == 0]; print(x.mean(1), (x @ x.T / 3).tolist(), np.cov(x, bias=True).tolist())"
const MEAN: [f64; 3] = [1.5, 0.6666666666666666, 0.16666666666666666];
const SECOND: [f64; 9] = [
    3.4166666666666665,
    1.5,
    -0.6666666666666666,
    1.5,
    2.0,
    -0.3333333333333333,
    -0.6666666666666666,
    -0.3333333333333333,
    0.75,
];
const COVARIANCE: [f64; 9] = [
    1.1666666666666665,
    0.4999999999999999,
    -0.9166666666666666,
    0.4999999999999999,
    1.5555555555555554,
    -0.4444444444444444,
    -0.9166666666666666,
    -0.4444444444444444,
    0.7222222222222223,
];

fn example() -> LogitMoments {
    let mut m = LogitMoments::new(3);
    m.add(&[1.0, -2.0, 0.5, 3.0, 2.0, 0.0, -1.0, 1.0, 0.5, 4.0, 1.0, -1.0], &[0, 2, 0, 0]).unwrap();
    m
}

fn close(ours: &[f64], numpy: &[f64]) {
    assert_eq!(ours.len(), numpy.len());
    for (a, b) in ours.iter().zip(numpy) {
        assert!((a - b).abs() <= 1e-15 * b.abs().max(1.0), "{a} is not {b}");
    }
}

#[test]
fn moments_are_what_numpy_says() {
    let m = example();
    assert_eq!((m.count(0), m.count(1), m.count(2), m.total()), (3, 0, 1, 4));
    close(&m.mean(0).unwrap(), &MEAN);
    close(&m.second_moment(0).unwrap(), &SECOND);
    close(&m.covariance(0).unwrap(), &COVARIANCE);
    assert_eq!(m.mean(2).unwrap(), [-2.0, 0.0, 4.0]);
    assert_eq!(m.covariance(2).unwrap(), [0.0; 9]);
}

#[test]
fn a_class_that_is_never_predicted_has_no_moments() {
    let m = example();
    assert_eq!((m.mean(1), m.second_moment(1), m.covariance(1)), (None, None, None));
}

#[test]
fn pooled_is_all_pixels_together() {
    let (n, sum, products) = example().pooled();
    assert_eq!((n, sum), (4, vec![2.5, 2.0, 4.5]));
    assert_eq!(products[0], 1.0 + 4.0 + 0.25 + 9.0);
    assert_eq!(products[2], products[6], "symmetric");
    assert_eq!(products[5], 1.0 + 0.0 - 1.0 - 1.0);
}

#[test]
fn wrong_lengths_and_classes_change_nothing() {
    let mut m = example();
    assert!(matches!(m.add(&[0.0; 5], &[0, 0]), Err(Error::Length { found: 5, expected: 6, .. })));
    assert!(matches!(m.add(&[0.0; 6], &[0, 3]), Err(Error::Class { value: 3, pixel: 1, .. })));
    assert!(matches!(m.merge(&LogitMoments::new(2)), Err(Error::Shape { .. })));
    assert_eq!(m, example());
}

proptest! {
    // Values on a grid of 1/8 make every sum exact in f64, so that order cannot matter and equality is exact.
    #[test]
    fn any_split_gives_the_sums_of_a_slow_reference(
        pixels in prop::collection::vec(([-80i32..80, -80..80, -80..80, -80..80], 0u8..4), 0..300),
        cut in 0usize..300,
    ) {
        let cut = cut.min(pixels.len());
        let of = |part: &[([i32; 4], u8)]| {
            let plane = |c: usize| part.iter().map(move |p| p.0[c] as f32 / 8.0);
            let logits: Vec<f32> = (0..4).flat_map(plane).collect();
            let pred: Vec<u8> = part.iter().map(|p| p.1).collect();
            let mut m = LogitMoments::new(4);
            m.add(&logits, &pred).unwrap();
            m
        };
        let mut m = of(&pixels[..cut]);
        m.merge(&of(&pixels[cut..])).unwrap();
        for class in 0..4u8 {
            let mine: Vec<[f64; 4]> =
                pixels.iter().filter(|p| p.1 == class).map(|p| p.0.map(|v| f64::from(v) / 8.0)).collect();
            prop_assert_eq!(m.count(class as usize), mine.len() as u64);
            let Some(second) = m.second_moment(class as usize) else { continue };
            for (i, j) in (0..4).flat_map(|i| (0..4).map(move |j| (i, j))) {
                let sum: f64 = mine.iter().map(|v| v[i] * v[j]).sum();
                prop_assert_eq!(second[i * 4 + j], sum / mine.len() as f64);
            }
        }
    }
}
