//! numpy's own numbers, and small pictures whose corruption can be computed by hand.
//!
//! The random numbers were printed by numpy 1.22.4 after `np.random.seed(s)`:
//! `random_sample(3)`, then `random_sample(1000)[-1]`;
//! `normal(size=3)`, `normal(size=1000)[-1]`, `random_sample()`;
//! `randint(-3, 3, size=10)`, `randint(5)`, `randint(0, 1000)`, `random_sample()`;
//! `poisson(lam, size=8)`, `poisson(lam, size=5000).sum()`, `random_sample()`.

use scribe_corruptions::{Corruption, Poisson, Rng, Severity, corruptions, seed_for};

#[test]
fn doubles_are_numpy_s() {
    let expected = [
        (0, [0.5488135039273248, 0.7151893663724195, 0.6027633760716439], 0.47582619585722274),
        (1234, [0.1915194503788923, 0.6221087710398319, 0.4377277390071145], 0.5153361469497669),
        (u32::MAX, [0.0976320289940138, 0.9123828453026218, 0.78903530185164], 0.32141128023099774),
    ];
    for (seed, first, last) in expected {
        let mut rng = Rng::seed(seed);
        assert_eq!([0; 3].map(|_| rng.double()), first);
        let mut thousand = vec![0.0; 1000];
        rng.fill_double(&mut thousand);
        assert_eq!(thousand[999], last);
    }
}

/// The logarithm inside may differ from the C library's in its last bit, and with it a normal number.
fn close(a: f64, b: f64) -> bool {
    a.to_bits().abs_diff(b.to_bits()) <= 2
}

#[test]
fn normal_numbers_are_numpy_s() {
    let expected = [
        (
            0,
            [1.764052345967664, 0.4001572083672233, 0.9787379841057392],
            -0.4223148241252707,
            0.01425151515029588,
        ),
        (
            1234,
            [0.47143516373249306, -1.1909756947064645, 1.4327069684260973],
            0.04656189059276359,
            0.18456015825249572,
        ),
        (
            u32::MAX,
            [0.6484086742306527, 0.6693235306338161, -1.0805437227474493],
            -0.16055505659010616,
            0.01154318185738401,
        ),
    ];
    for (seed, first, last, double) in expected {
        let mut rng = Rng::seed(seed);
        for expected in first {
            let got = rng.gauss();
            assert!(close(got, expected), "{got} {expected}");
        }
        let mut thousand = vec![0.0; 1000];
        rng.fill_gauss(&mut thousand);
        assert!(close(thousand[999], last), "{} {last}", thousand[999]);
        assert_eq!(rng.double(), double);
    }
}

#[test]
fn bounded_integers_are_numpy_s() {
    let expected = [
        (0, [1, 2, -3, 0, 0, 0, -2, 0, 2, -1], 4, 599, 0.8917730007820798),
        (1234, [0, 2, 1, 1, -3, -2, -2, -2, -1, 0], 4, 892, 0.8759326347420947),
        (u32::MAX, [0, -1, 1, 1, -3, -1, -2, -3, 0, -1], 3, 779, 0.6993279971880844),
    ];
    for (seed, ten, five, thousand, double) in expected {
        let mut rng = Rng::seed(seed);
        assert_eq!([0; 10].map(|_| rng.randint(-3, 3)), ten);
        assert_eq!((rng.randint(0, 5), rng.randint(0, 1000)), (five, thousand));
        assert_eq!(rng.double(), double);
    }
    let mut rng = Rng::seed(0);
    assert_eq!(rng.randint(7, 8), 7);
    assert_eq!(rng.double(), Rng::seed(0).double(), "a range of one draws nothing");
}

#[test]
fn poisson_counts_are_numpy_s() {
    let expected = [
        (0, 0.0, [0, 0, 0, 0, 0, 0, 0, 0], 0, 0.5488135039273248),
        (0, 3.5, [6, 7, 1, 7, 4, 4, 6, 2], 17285, 0.5496248366811441),
        (0, 12.0, [12, 13, 11, 11, 21, 15, 6, 12], 59870, 0.04314219234714345),
        (0, 60.0, [61, 62, 58, 59, 81, 67, 61, 46], 300160, 0.16696349788476172),
        (1234, 300.0, [283, 297, 315, 288, 293, 309, 293, 300], 1500141, 0.24915142237766263),
        (1234, 1000.0, [969, 994, 1028, 979, 987, 1017, 988, 1000], 5001634, 0.6548097551839301),
        (u32::MAX, 12.0, [7, 13, 18, 10, 17, 9, 15, 12], 60079, 0.6814432473657331),
        (u32::MAX, 60.0, [67, 62, 72, 56, 75, 71, 54, 67], 300527, 0.622571994988548),
    ];
    for (seed, lambda, first, sum, double) in expected {
        let mut rng = Rng::seed(seed);
        let poisson = Poisson::new(lambda);
        assert_eq!([0; 8].map(|_| poisson.sample(&mut rng)), first, "mean {lambda}");
        assert_eq!((0..5000).map(|_| rng.poisson(lambda)).sum::<u64>(), sum, "mean {lambda}");
        assert_eq!(rng.double(), double, "mean {lambda}");
    }
}

/// One flat picture of 32x32 under a corruption without chance, its first pixel.
fn flat(corruption: &dyn Corruption, pixel: [u8; 3], severity: u8) -> [u8; 3] {
    let picture = image::RgbImage::from_pixel(32, 32, image::Rgb(pixel));
    let severity = Severity::new(severity).expect("a severity");
    let done = corruption.apply(&picture, severity, &mut Rng::seed(0)).expect("a picture");
    assert!(done.pixels().all(|p| p == done.get_pixel(0, 0)), "{} keeps flat flat", corruption.name());
    done.get_pixel(0, 0).0
}

#[test]
fn flat_pictures() {
    // The value 0 becomes 0.5, and bytes are truncated; pure red has nothing to gain.
    assert_eq!(flat(&corruptions::Brightness, [0, 0, 0], 5), [127, 127, 127]);
    assert_eq!(flat(&corruptions::Brightness, [255, 0, 0], 5), [255, 0, 0]);
    // The mean of a flat channel is itself but for rounding, which truncation can show.
    let [r, g, b] = flat(&corruptions::Contrast, [10, 100, 250], 3);
    assert!((9..=10).contains(&r) && (99..=100).contains(&g) && (249..=250).contains(&b));
    assert_eq!(flat(&corruptions::Pixelate, [1, 2, 3], 3), [1, 2, 3]);
    assert_eq!(flat(&corruptions::JpegCompression, [128, 128, 128], 1), [128, 128, 128]);
    // Kernels whose sum is a little below one lose a level to truncation, those above one gain.
    assert_eq!(flat(&corruptions::DefocusBlur, [100, 200, 0], 1), [99, 199, 0]);
    assert_eq!(flat(&corruptions::DefocusBlur, [100, 200, 0], 4), [101, 202, 0]);
    assert_eq!(flat(&corruptions::Saturate, [77, 77, 77], 4)[0], 77);
}

#[test]
fn pixelate_takes_means_of_blocks() {
    let picture = image::RgbImage::from_fn(32, 32, |x, y| image::Rgb([(8 * x) as u8, (8 * y) as u8, 9]));
    let severity = Severity::new(2).expect("a severity");
    let done = corruptions::Pixelate.apply(&picture, severity, &mut Rng::seed(0)).expect("a picture");
    // Half the size: the mean of 0 and 8, of 16 and 24.
    assert_eq!(done.get_pixel(0, 0).0, [4, 4, 9]);
    assert_eq!(done.get_pixel(3, 1).0, [20, 4, 9]);
}

#[test]
fn seeds_do_not_change() {
    // First four bytes, little-endian, of sha256(b"scribe-seed/1\x000\x002007_000033\x00fog\x003") in Python.
    let severity = Severity::new(3).expect("a severity");
    assert_eq!(seed_for(0, "2007_000033", "fog", severity), 4079120856);
}

/// As numpy, which raises `ValueError: lam < 0 or lam is NaN` or `lam value too large` for these.
#[test]
fn means_that_no_poisson_distribution_has_are_refused_in_words() {
    for mean in [-1.0, -f64::MIN_POSITIVE, f64::NAN, f64::INFINITY, 1e19] {
        let made = [
            std::panic::catch_unwind(|| Poisson::new(mean).sample(&mut Rng::seed(0))),
            std::panic::catch_unwind(|| Rng::seed(0).poisson(mean)),
        ];
        for refused in made {
            let message = refused.expect_err("no mean").downcast::<String>().expect("a message");
            assert!(message.contains("needs a mean of 0 to 9.22"), "{message}");
            assert!(message.ends_with(&format!(", not {mean}")), "{message}");
        }
    }
    let mut rng = Rng::seed(0);
    assert_eq!([Poisson::new(0.0), Poisson::new(-0.0)].map(|none| none.sample(&mut rng)), [0, 0]);
    assert!(Poisson::new(Poisson::MAX_MEAN).sample(&mut rng) > 1 << 62);
}
