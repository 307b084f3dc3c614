//! A made-up view: three models, thirty pictures, all conditions and modes, moments and panels, from formulas alone.
#![allow(dead_code)]

use image::{GrayImage, ImageFormat, Luma, Rgb, RgbImage};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use scribe_analysis::measures::Kind;
use scribe_analysis::names::{COLUMNS, VOC_CLASSES};
use scribe_analysis::reference;
use scribe_analysis::{Cell, HashedInputs, PanelView, Start, View};
use scribe_records::{Condition, Confusion, LogitMoments, Mode, ModelId, Series, SparseConfusion};
use std::collections::BTreeMap;
use std::io::Cursor;

/// PASCAL VOC's class names.
pub(crate) const CLASSES: [&str; 21] = VOC_CLASSES;
/// Pictures in the made-up view.
pub(crate) const PICTURES: usize = 30;
const MODELS: [&str; 3] = ["baseline", "ibe", "scribe"];

/// The series of a model by id and mode, seed 0.
pub(crate) fn series(model: &str, mode: Mode) -> Series {
    Series::new(ModelId::new(model).expect("a plain name"), 0, mode)
}

/// A full made-up view.
pub(crate) fn made_up() -> View {
    let images: Vec<String> = (0..PICTURES).map(|i| format!("2026_{i:06}")).collect();
    let names: Vec<&str> = images.iter().map(String::as_str).collect();
    let mut view = View::new(&CLASSES, &names);
    view.about.recipe = "made-up".to_owned();
    view.about.set = "made-up val".to_owned();
    view.about.synthetic = true;
    view.about.start = Start::Scratch;
    view.about.hashed_inputs =
        HashedInputs { clean: PICTURES as u64, corrupted: (PICTURES * 75) as u64, further: 0 };
    view.about.implementations = BTreeMap::from([("frost".to_owned(), "frost-procedural/1".to_owned())]);
    view.about.rows = vec![
        ("suite".to_owned(), "imagecorruptions".to_owned()),
        ("recipe digest".to_owned(), "0123abcd".repeat(8)),
    ];
    for (m, model) in MODELS.iter().enumerate() {
        for mode in [Mode::single(), Mode::msc()] {
            fill(&mut view, m, &series(model, mode));
        }
        let single = series(model, Mode::single());
        for condition in conditions() {
            sums(&mut view, m, &Cell { series: single.clone(), condition });
        }
    }
    view.trained = view.models.iter().cloned().collect();
    view.panels = panels();
    view
}

fn fill(view: &mut View, m: usize, series: &Series) {
    let gain = if series.mode == Mode::msc() { 0.02 } else { -0.01 };
    let table = reference::table1();
    let mut conditions = vec![(Condition::clean(), 0.70)];
    for (c, column) in COLUMNS.iter().enumerate() {
        for s in 1..=5u8 {
            let target = table.cells[m][usize::from(s) - 1][c] / 100.0;
            conditions.push((Condition::new(column.name, s).expect("1 to 5"), target));
        }
    }
    for (i, (condition, target)) in conditions.into_iter().enumerate() {
        let cell = Cell { series: series.clone(), condition };
        for picture in 0..PICTURES {
            let mut rng = ChaCha8Rng::seed_from_u64((i * PICTURES + picture) as u64);
            view.insert(&cell, picture, confusion(picture, (target + gain).max(0.02), &mut rng))
                .expect("21 classes");
        }
    }
}

/// Two foreground classes and background, with about this share of foreground right.
fn confusion(picture: usize, right: f64, rng: &mut ChaCha8Rng) -> SparseConfusion {
    let (a, b) = (1 + picture % 20, 1 + (picture * 7 + 3) % 20);
    let mut truth = Vec::new();
    let mut pred = Vec::new();
    let mut put = |t: usize, p: usize| {
        truth.push(t as u8);
        pred.push(p as u8);
    };
    for _ in 0..300 {
        put(0, if rng.random_bool(0.04) { a } else { 0 });
    }
    for class in [a, b] {
        for _ in 0..90 {
            let hit = rng.random_bool((right + 0.12).min(0.98));
            let other = if rng.random_bool(0.7) { 0 } else { rng.random_range(1..21) };
            put(class, if hit { class } else { other });
        }
    }
    let mut full = Confusion::new(21);
    full.add(&truth, &pred).expect("equal lengths");
    SparseConfusion::try_from(&full).expect("small counts")
}

/// Clean and three corruptions: enough for a correlation, and few enough for a quick test.
fn conditions() -> Vec<Condition> {
    let of = |name: &'static str| (1..=5).map(move |s| Condition::new(name, s).expect("1 to 5"));
    let corrupted = ["gaussian_noise", "snow", "fog"].into_iter().flat_map(of);
    std::iter::once(Condition::clean()).chain(corrupted).collect()
}

/// Moments, cross-moments, calibration and END of four blocks of pictures.
fn sums(view: &mut View, m: usize, cell: &Cell) {
    let severity = cell.condition.severity;
    let salt = cell.condition.corruption.len() as u64;
    for block in 0..4u32 {
        view.blocks.iter_mut().enumerate().for_each(|(i, b)| *b = i as u32 % 4);
        let drawn = moments(m, severity, u64::from(block) + 10 * salt);
        view.insert_moments(cell, block, &drawn).expect("21 channels");
        let mut rng = ChaCha8Rng::seed_from_u64(u64::from(block) + salt + 100 * m as u64);
        let bins = (0..15).flat_map(|i| {
            let n = f64::from(20 + 10 * i) + rng.random_range(0.0..9.0);
            let confidence = (f64::from(i) + 0.5) / 15.0;
            let right = confidence * (1.0 - 0.08 * f64::from(severity) + 0.03 * m as f64).min(1.0);
            [n, n * right, n * confidence]
        });
        let calibration: Vec<f64> = bins.chain([900.0, 900.0 * (0.2 + 0.1 * f64::from(severity))]).collect();
        view.insert_sums(cell, Kind::Softmax, block, 15, calibration);
        let end = 0.05 + 0.02 * f64::from(severity) + 0.01 * f64::from(block);
        view.insert_sums(cell, Kind::NonDistinctiveness, block, 0, vec![100.0, 100.0 * end, 130.0 * end]);
        if severity > 0 {
            let [n, one] = [100.0, 1.0 / (1.0 + f64::from(severity))];
            let identity = |scale: f64| (0..441).map(move |i| if i % 22 == 0 { scale * n } else { 0.0 });
            let products = identity(1.0).chain(identity(1.0)).chain(identity(one.sqrt()));
            let cross = std::iter::once(n).chain([0.0; 42]).chain(products).collect();
            view.insert_sums(cell, Kind::CleanCorrupted, block, 21, cross);
        }
    }
}

fn moments(m: usize, severity: u8, salt: u64) -> LogitMoments {
    let mut rng = ChaCha8Rng::seed_from_u64(40 + m as u64 + 1000 * salt);
    let mut moments = LogitMoments::new(21);
    let shared = 1.0 - 0.35 * m as f32 + 0.2 * f32::from(severity);
    for class in (0..21).filter(|c| *c != 17) {
        let pixels = if class == 15 { 80 } else { 30 };
        let mut logits = vec![0.0f32; 21 * pixels];
        for p in 0..pixels {
            let common: f32 = rng.random_range(-1.0..1.0);
            for c in 0..21 {
                let own = if c == class { 6.0 } else { -1.5 + 0.8 * ((c * 5 + class) % 7) as f32 / 7.0 };
                let spread = 0.4 + 0.08 * (m + 1) as f32 * (c % 5) as f32;
                let noise: f32 = rng.random_range(-1.0..1.0);
                logits[c * pixels + p] = own + 2.0 * shared * common + spread * noise;
            }
        }
        moments.add(&logits, &vec![class as u8; pixels]).expect("equal lengths");
    }
    moments
}

fn panels() -> Vec<PanelView> {
    let mut out = Vec::new();
    let mut conditions = vec![Condition::clean()];
    for name in ["gaussian_noise", "defocus_blur", "snow", "fog"] {
        conditions.extend((1..=3).map(|s| Condition::new(name, s).expect("1 to 3")));
    }
    for condition in conditions {
        let s = u32::from(condition.severity);
        let mut rng = ChaCha8Rng::seed_from_u64(u64::from(s));
        let noisy = condition.corruption == "gaussian_noise";
        let input = RgbImage::from_fn(96, 96, |x, y| {
            let n = if noisy { rng.random_range(0..=40 * s) as i32 - 20 * s as i32 } else { 0 };
            let base = match scene(x, y, 0.0) {
                12 => [170, 120, 70],
                15 => [90, 110, 190],
                _ => [120 + (x / 2) as i32, 150, 110 + (y / 2) as i32],
            };
            let haze = if condition.corruption == "fog" { 30 * s as i32 } else { 0 };
            Rgb(base.map(|v| (v + n + haze).clamp(0, 255) as u8))
        });
        let label = GrayImage::from_fn(96, 96, |x, y| Luma([if x < 3 { 255 } else { scene(x, y, 0.0) }]));
        let predictions = MODELS
            .iter()
            .enumerate()
            .map(|(m, model)| {
                let shrink = f64::from(s) * (0.28 - 0.07 * m as f64);
                let map = GrayImage::from_fn(96, 96, |x, y| Luma([scene(x, y, shrink)]));
                (series(model, Mode::single()), png(&map.into()))
            })
            .collect();
        out.push(PanelView {
            image: "2026_000007".to_owned(),
            condition,
            input: png(&input.into()),
            label: png(&label.into()),
            predictions,
        });
    }
    out
}

/// Class of a pixel: a dog-coloured disk and a person-coloured box, smaller as `shrink` grows.
fn scene(x: u32, y: u32, shrink: f64) -> u8 {
    let (x, y) = (f64::from(x), f64::from(y));
    let r = 24.0 * (1.0 - shrink);
    if (x - 34.0).hypot(y - 56.0) < r {
        12
    } else if (x - 68.0).abs() < 12.0 * (1.0 - shrink) && (y - 46.0).abs() < 30.0 * (1.0 - shrink) {
        15
    } else {
        0
    }
}

fn png(picture: &image::DynamicImage) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).expect("a vector takes every write");
    out.into_inner()
}
