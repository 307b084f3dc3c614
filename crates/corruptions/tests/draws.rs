//! Which corruptions take random numbers: two seeds give other bytes exactly where a corruption says that it draws.

use scribe_corruptions::{Picture, Rng, Severity, Suite};

/// A picture whose every pixel differs from its neighbours.
fn picture() -> Picture {
    let byte = |x: usize, y: usize, c: usize| ((x * 37 + y * 101 + c * 59) * 7919 % 251) as u8;
    Picture::from_fn(224, 224, |x, y| [0, 1, 2].map(|c| byte(x, y, c)))
}

/// The nine of ImageNet-C's fifteen whose code calls numpy's generator (imagecorruptions 1.1.2, corruptions.py), and of the
/// four others speckle noise and spatter.
#[test]
fn a_corruption_draws_exactly_where_two_seeds_differ() {
    for suite in [Suite::imagecorruptions(), Suite::imagenet_c()] {
        let mut drawless = Vec::new();
        for corruption in suite.all() {
            let name = corruption.name();
            let of = |seed: u32| {
                let mut copy = picture();
                let severity = Severity::new(5).unwrap();
                corruption.apply_in_place((&mut copy).into(), severity, &mut Rng::seed(seed)).unwrap();
                copy
            };
            assert_eq!(corruption.draws(), of(1) != of(2), "{name}");
            if !corruption.draws() {
                drawless.push(name);
            }
        }
        drawless.sort_unstable();
        let expected = [
            "brightness",
            "contrast",
            "defocus_blur",
            "gaussian_blur",
            "jpeg_compression",
            "pixelate",
            "saturate",
            "zoom_blur",
        ];
        assert_eq!(drawless, expected, "{}", suite.name());
    }
}

/// `im = np.full((h, w, 3), 100, np.uint8); np.random.seed(seed); imagecorruptions.corrupt(im, 3, "frost");`
/// `print(np.random.randint(1 << 30, size=2))` with imagecorruptions 1.1.2 and its photographs.
#[test]
fn generated_frost_moves_the_generator_as_the_photographs_do() {
    let suite = Suite::imagecorruptions();
    for ((width, height), seed, drawn_next) in [
        ((64, 48), 0, [404868288, 441365315]),
        ((64, 48), 1, [629559425, 799981516]),
        ((64, 48), 2, [779712072, 213298710]),
        ((1000, 700), 0, [441365315, 463622907]),
        ((1000, 700), 1, [491263, 550290313]),
        ((1000, 700), 3, [386328195, 175684536]),
    ] {
        let mut picture = Picture::from_fn(width, height, |_, _| [100; 3]);
        let mut rng = Rng::seed(seed);
        let frost = suite.get("frost").unwrap();
        frost.apply_in_place((&mut picture).into(), Severity::new(3).unwrap(), &mut rng).unwrap();
        assert_eq!([0; 2].map(|_| rng.randint(0, 1 << 30)), drawn_next, "{width}x{height}, seed {seed}");
    }
}
