//! What holds for every corruption and every seed.

mod support;

use image::RgbImage;
use proptest::prelude::*;
use scribe_corruptions::{Corruption, PictureMut, Poisson, Rng, Severity, Suite, corruptions, seed_for};
use support::formula_image;

fn apply(corruption: &dyn Corruption, image: &RgbImage, severity: Severity, seed: u32) -> RgbImage {
    corruption.apply(image, severity, &mut Rng::seed(seed)).expect("a picture")
}

#[test]
fn same_seed_same_bytes_and_the_size_is_kept() {
    let suite = Suite::imagecorruptions();
    for (width, height) in [(32, 32), (37, 53), (64, 33)] {
        let image = formula_image(width as usize, height as usize);
        for corruption in suite.all() {
            for severity in Severity::ALL {
                let once = apply(corruption, &image, severity, 5);
                assert_eq!(once.dimensions(), (width, height), "{}", corruption.name());
                // The buffers left over from other calls must not show.
                assert_eq!(once, apply(corruption, &image, severity, 5), "{}", corruption.name());
            }
        }
    }
}

#[test]
fn in_place_is_the_same_as_a_copy() {
    let image = formula_image(45, 40);
    for corruption in Suite::imagecorruptions().all() {
        let mut pixels = image.to_vec();
        let view = PictureMut::new(&mut pixels, 45, 40).expect("a buffer of this size");
        let severity = Severity::ALL[2];
        corruption.apply_in_place(view, severity, &mut Rng::seed(9)).expect("a picture");
        assert_eq!(pixels, apply(corruption, &image, severity, 9).into_raw(), "{}", corruption.name());
    }
}

#[test]
fn all_conditions_are_the_same_on_any_number_of_threads() {
    let suite = Suite::imagecorruptions();
    let image = formula_image(70, 41);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| suite.apply_all(&image, 3, "a")).expect("75 pictures")
    };
    let alone = on(1);
    assert_eq!(alone.len(), 75);
    assert_eq!(alone, on(3));
    for (picture, (corruption, severity)) in alone.iter().zip(suite.conditions()) {
        let seed = seed_for(3, "a", corruption.name(), severity);
        assert_eq!(*picture, apply(corruption, &image, severity, seed), "{}", corruption.name());
    }
}

/// What is drawn, counted: after a corruption the generator must be where its documentation says.
#[test]
fn the_documented_number_of_doubles_is_drawn() {
    let (width, height) = (70_u32, 41_u32);
    let (samples, pixels) = ((3 * width * height) as usize, (width * height) as usize);
    let cases: [(&str, usize); 11] = [
        ("impulse_noise", 2 * samples),
        ("motion_blur", 1),
        ("fog", 128 * 128 - 1),
        ("elastic_transform", 2 * pixels),
        ("defocus_blur", 0),
        ("zoom_blur", 0),
        ("brightness", 0),
        ("contrast", 0),
        ("pixelate", 0),
        ("jpeg_compression", 0),
        ("gaussian_blur", 0),
    ];
    let image = formula_image(width as usize, height as usize);
    let suite = Suite::imagecorruptions();
    for (name, doubles) in cases {
        let corruption = suite.get(name).expect("a known corruption");
        let mut used = Rng::seed(11);
        corruption.apply(&image, Severity::ALL[1], &mut used).expect("a picture");
        let mut skipped = Rng::seed(11);
        skipped.fill_double(&mut vec![0.0; doubles]);
        assert_eq!(used.double(), skipped.double(), "{name}");
    }
}

/// Shot noise by its definition, one draw at a time.
fn slow_shot(image: &RgbImage, photons: f64, rng: &mut Rng) -> RgbImage {
    let mut out = image.clone();
    for sample in out.iter_mut() {
        let k = rng.poisson(f64::from(*sample) / 255.0 * photons) as f64;
        *sample = ((k / photons).clamp(0.0, 1.0) * 255.0) as u8;
    }
    out
}

/// Gaussian noise by its definition, one draw at a time.
fn slow_gaussian_noise(image: &RgbImage, scale: f64, rng: &mut Rng) -> RgbImage {
    let mut out = image.clone();
    for sample in out.iter_mut() {
        let x = f64::from(*sample) / 255.0 + rng.normal(0.0, scale);
        *sample = (x.clamp(0.0, 1.0) * 255.0) as u8;
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn many_at_once_are_one_by_one(seed: u32, skip in 0_usize..700, count in 0_usize..2000) {
        let mut together = Rng::seed(seed);
        for _ in 0..skip {
            together.next_u32();
        }
        let mut alone = together.clone();
        let mut doubles = vec![0.0; count];
        together.fill_double(&mut doubles);
        prop_assert!(doubles.iter().all(|d| *d == alone.double()));
        together.fill_gauss(&mut doubles);
        prop_assert!(doubles.iter().all(|d| *d == alone.gauss()));
        together.fill_gauss(&mut doubles);
        prop_assert!(doubles.iter().all(|d| *d == alone.gauss()));
        let mut words = vec![0; count];
        together.fill_u32(&mut words);
        prop_assert!(words.iter().all(|w| *w == alone.next_u32()));
    }

    #[test]
    fn shot_noise_is_its_definition(seed: u32, odd: bool, severity in 0_usize..5) {
        let image = formula_image(33, 32);
        let mut fast = Rng::seed(seed);
        if odd {
            fast.next_u32();
        }
        let mut slow = fast.clone();
        let photons = [60.0, 25.0, 12.0, 5.0, 3.0][severity];
        let done = corruptions::ShotNoise.apply(&image, Severity::ALL[severity], &mut fast).expect("a picture");
        prop_assert_eq!(done, slow_shot(&image, photons, &mut slow));
        prop_assert_eq!(fast.next_u32(), slow.next_u32());
    }

    #[test]
    fn gaussian_noise_is_its_definition(seed: u32, severity in 0_usize..5) {
        let image = formula_image(33, 35);
        let scale = [0.08, 0.12, 0.18, 0.26, 0.38][severity];
        let done = apply(&corruptions::GaussianNoise, &image, Severity::ALL[severity], seed);
        prop_assert_eq!(done, slow_gaussian_noise(&image, scale, &mut Rng::seed(seed)));
    }

    #[test]
    fn counts_are_whatever_the_mean(seed: u32, lambda in 0.0_f64..200.0) {
        let mut rng = Rng::seed(seed);
        let poisson = Poisson::new(lambda);
        let sum: u64 = (0..200).map(|_| poisson.sample(&mut rng)).sum();
        let mean = sum as f64 / 200.0;
        // Six standard errors: one seed in a thousand million falls outside.
        prop_assert!((mean - lambda).abs() <= 6.0 * (lambda / 200.0).sqrt() + 1e-9, "{} {}", mean, lambda);
    }

    #[test]
    fn any_picture_survives_every_corruption(
        width in 32_u32..80, height in 32_u32..80, seed: u32, severity in 0_usize..5, shade: u8,
    ) {
        let image = RgbImage::from_pixel(width, height, image::Rgb([shade, 255 - shade, 128]));
        for corruption in Suite::imagecorruptions().all() {
            let done = apply(corruption, &image, Severity::ALL[severity], seed);
            prop_assert_eq!(done.dimensions(), (width, height));
        }
    }

    #[test]
    fn seeds_depend_on_every_part(master: u64, image in "[a-z0-9_]{1,12}", severity in 0_usize..4) {
        let (s, next) = (Severity::ALL[severity], Severity::ALL[severity + 1]);
        let seed = seed_for(master, &image, "fog", s);
        prop_assert_ne!(seed, seed_for(master.wrapping_add(1), &image, "fog", s));
        prop_assert_ne!(seed, seed_for(master, &format!("{image}x"), "fog", s));
        prop_assert_ne!(seed, seed_for(master, &image, "snow", s));
        prop_assert_ne!(seed, seed_for(master, &image, "fog", next));
    }
}
