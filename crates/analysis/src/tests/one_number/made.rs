//! A view with all that can part two numbers of one quantity: two training seeds, a model that was run in one mode
//! only, corruptions beyond the paper's, two models of one name, and logits of some models only.

use crate::measures::Kind;
use crate::{Cell, View};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use scribe_records::{Condition, Confusion, LogitMoments, Mode, ModelId, Series, SparseConfusion};

pub(crate) const CLASSES: usize = 8;
const PICTURES: usize = 12;

/// Model, name in tables, seeds, whether it was run at several scales, whether it has logits.
pub(crate) const MODELS: [(&str, &str, u64, bool, bool); 4] = [
    ("softmax", "Baseline", 2, true, true),
    ("scribe", "SCrIBE", 2, true, true),
    ("mine", "Net", 1, false, false),
    ("other", "Net", 1, true, true),
];

pub(crate) fn view() -> View {
    let images: Vec<String> = (0..PICTURES).map(|i| format!("p{i:02}")).collect();
    let names: Vec<&str> = images.iter().map(String::as_str).collect();
    let classes = ["background", "a", "b", "c", "d", "e", "f", "g"];
    let mut view = View::new(&classes, &names);
    view.about.training_pixels = Some(vec![9000, 100, 200, 300, 400, 500, 600, 700]);
    view.blocks = (0..PICTURES as u32).map(|i| i % 4).collect();
    for (m, (id, title, seeds, both, logits)) in MODELS.into_iter().enumerate() {
        let id = ModelId::new(id).unwrap();
        view.titles.insert(id.clone(), title.to_owned());
        if seeds > 1 {
            view.trained.insert(id.clone());
        }
        for seed in 0..seeds {
            for mode in [Mode::single(), Mode::msc()].into_iter().take(1 + usize::from(both)) {
                for condition in conditions() {
                    let cell = Cell { series: Series::new(id.clone(), seed, mode.clone()), condition };
                    fill(&mut view, m, &cell, logits && mode == Mode::single());
                }
            }
        }
    }
    view
}

fn conditions() -> Vec<Condition> {
    let of = |name: &'static str| (1..=2).map(move |s| Condition::new(name, s).unwrap());
    let named = ["gaussian_noise", "shot_noise", "fog", "snow", "contrast", "speckle_noise", "spatter"];
    std::iter::once(Condition::clean()).chain(named.into_iter().flat_map(of)).collect()
}

fn fill(view: &mut View, m: usize, cell: &Cell, logits: bool) {
    let s = &cell.series;
    let salt = cell.condition.to_string().bytes().fold(7u64, |h, b| h.wrapping_mul(31) + u64::from(b));
    let mut rng =
        ChaCha8Rng::seed_from_u64(salt + 1000 * m as u64 + 17 * s.seed + s.mode.as_str().len() as u64);
    // The extra corruptions are far harder than the others, so that a sum that counts them stands out.
    let extra = matches!(cell.condition.corruption.as_str(), "speckle_noise" | "spatter");
    let right = if extra { 0.05 } else { 0.9 - 0.12 * f64::from(cell.condition.severity) - 0.02 * m as f64 };
    for picture in 0..PICTURES {
        let mut count = Confusion::new(CLASSES);
        for class in [0, 1 + picture % 7, 1 + (picture * 3) % 7] {
            for _ in 0..60 {
                let wrong = if rng.random_bool(0.5) { 0 } else { rng.random_range(1..CLASSES) };
                let pred = if rng.random_bool(right) { class } else { wrong };
                count.add(&[class as u8], &[pred as u8]).unwrap();
            }
        }
        view.insert(cell, picture, SparseConfusion::try_from(&count).unwrap()).unwrap();
    }
    if logits {
        (0..4).for_each(|block| sums(view, cell, block, &mut rng));
    }
}

fn sums(view: &mut View, cell: &Cell, block: u32, rng: &mut ChaCha8Rng) {
    let mut moments = LogitMoments::new(CLASSES);
    let pixels = 40;
    let spread: Vec<f32> = (0..CLASSES).map(|c| rng.random_range(0.1..1.0) / (c + 1) as f32).collect();
    for class in 0..CLASSES {
        let logits: Vec<f32> = (0..CLASSES * pixels)
            .map(|i| {
                f32::from(u8::from(i / pixels == class)) * 3.0
                    + spread[i / pixels] * rng.random_range(-1.0f32..1.0)
            })
            .collect();
        moments.add(&logits, &vec![class as u8; pixels]).unwrap();
    }
    view.insert_moments(cell, block, &moments).unwrap();
    let bins = (0..5).flat_map(|i| {
        let confidence = (f64::from(i) + 0.5) / 5.0;
        [20.0, 20.0 * confidence * rng.random_range(0.3..0.9), 20.0 * confidence]
    });
    let calibration: Vec<f64> = bins.chain([100.0, 40.0]).collect();
    view.insert_sums(cell, Kind::Softmax, block, 5, calibration);
}
