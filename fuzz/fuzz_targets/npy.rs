//! Whatever the bytes, a file of scores gives a prediction of the picture's size or is refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe_eval::image::RgbImage;
use scribe_eval::{Picture, PredictionFolder, Predictor, Wants};
use scribe_fuzz::{folder, plant, scratch};
use scribe_model::{Inference, ScoreSpace};
use scribe_records::Condition;

const CLASSES: usize = 3;

fn seeds() -> Vec<Vec<u8>> {
    let of = |descr: &str, shape: &str, data: &[u8]| {
        let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
        let header = format!("{header:<117}\n");
        let length = (header.len() as u16).to_le_bytes();
        [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), data].concat()
    };
    let f32s: Vec<u8> = (0..36).flat_map(|n| (n as f32 - 9.5).to_le_bytes()).collect();
    let f64s: Vec<u8> = [0.0, 1.5, -2.0].into_iter().flat_map(f64::to_le_bytes).collect();
    vec![
        of("<f4", "(3, 3, 4)", &f32s),
        of("<f2", "(3, 1, 1)", &[0, 60, 0, 64, 0, 66]),
        of("<f8", "(3, 1, 1)", &f64s),
    ]
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    scratch("clean/0/a.npy", bytes);
    let ids = ["a".parse().expect("an id")];
    let clean = Condition::clean();
    let opened = PredictionFolder::open(folder(), CLASSES, &ids, std::slice::from_ref(&clean)).expect("a folder");
    let image = RgbImage::new(4, 3);
    let picture = Picture { image_id: "a", condition: &clean, image: &image };
    for how in [Inference::Single, Inference::MultiScale { scales: vec![1.0], flip: false, space: Some(ScoreSpace::Softmax) }] {
        let _ = PredictionFolder::check_clean(folder(), CLASSES, &ids, &how);
        let wants = |_| Wants { scores: true, moments: false };
        if let Ok(predictions) = opened.predict(&[picture], &how, &wants) {
            assert_eq!(predictions.len(), 1);
            assert_eq!(predictions[0].class_map.len(), 12);
            assert!(predictions[0].class_map.iter().all(|&class| usize::from(class) < CLASSES));
            assert_eq!(predictions[0].scores.as_ref().map(Vec::len), Some(12 * CLASSES));
        }
    }
});
