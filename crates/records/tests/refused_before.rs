//! What a store refuses when it is read is refused before it is written, and what was there stays as it was.

mod common;

use common::*;
use scribe_records::*;
use std::path::Path;

fn one() -> Series {
    series("softmax", 0, Mode::single())
}

fn other() -> Series {
    series("ibe", 0, Mode::single())
}

fn fog() -> Condition {
    Condition::new("fog", 1).unwrap()
}

/// Everything that the store at this path holds.
fn content(path: &Path) -> String {
    let found = Store::examine(path).unwrap();
    assert_eq!(found.problems, [""; 0]);
    found.content_sha256
}

/// What a store that has image `a` of one series says to a unit, once it is certain that nothing was written.
fn said(change: impl Fn(&mut Unit)) -> String {
    let (_dir, path, mut store) = fresh();
    store.commit(&unit("a", &fog(), &[one()])).unwrap();
    let before = content(&path);
    let mut spoilt = unit("a", &fog(), &[other()]);
    store.check_unit(&spoilt).unwrap();
    change(&mut spoilt);
    let error = store.commit(&spoilt).unwrap_err();
    assert!(matches!(error, Error::Unit { .. }), "{error:?}");
    assert_eq!(store.check_unit(&spoilt).unwrap_err().to_string(), error.to_string());
    assert_eq!(content(&path), before);
    // The store goes on with the next unit.
    store.commit(&unit("a", &fog(), &[other()])).unwrap();
    assert_eq!(store.confusions(&Filter::all()).unwrap().len(), 2);
    error.to_string()
}

/// A confusion of these pixels of (truth, prediction).
fn confusion(pixels: &[(u8, u8, usize)]) -> SparseConfusion {
    let mut full = Confusion::new(255);
    for &(truth, predicted, count) in pixels {
        full.add(&vec![truth; count], &vec![predicted; count]).unwrap();
    }
    SparseConfusion::try_from(&full).unwrap()
}

#[test]
fn a_unit_that_contradicts_what_was_scored_before_is_refused() {
    // `unit` counts 3 pixels of class 1 under fog:1 of image `a`, and 2 of class 0.
    let text = said(|unit| unit.confusions[0].1 = confusion(&[(0, 0, 2), (1, 2, 4)]));
    assert!(
        text.contains("unit for a fog:1: ibe")
            && text.contains("has 4 labelled pixels of class 1, another series 3"),
        "{text}"
    );
    let text = said(|unit| unit.confusions[0].1 = confusion(&[(0, 0, 2), (1, 3, 3)]));
    assert!(text.contains("true class 1, predicted class 3: expected classes below 3"), "{text}");
    // The view is squash-224: 224 x 224 = 50176 pixels.
    let text = said(|unit| {
        unit.input.image_id = "c".to_owned();
        unit.confusions[0].1 = confusion(&[(0, 0, 50_177)]);
    });
    assert!(
        text.contains(
            "50177 pixels are counted (expected at most 50176, which the image has): its view is squash-224"
        ),
        "{text}"
    );
    let text = said(|unit| {
        unit.confusions.push((one(), confusion(&[(0, 0, 3)])));
        unit.input.image_id = "c".to_owned();
    });
    assert!(
        text.contains("softmax (seed 0, single) has 3 labelled pixels of class 0, another series 2"),
        "{text}"
    );
    let text = said(|unit| unit.input.image_id = "\u{202e}a".to_owned());
    assert!(
        text.contains("`\\u{202e}a` turns the direction of writing") && !text.contains('\u{202e}'),
        "{text}"
    );
}

#[test]
fn sums_that_are_not_finite_are_refused() {
    // Two classes predicted, as `unit` has them: 3 pixels.
    let logits = |value: f32| [vec![value], vec![1.0; 8]].concat();
    for value in [f32::NAN, f32::INFINITY] {
        let text = said(|unit| {
            let mut moments = LogitMoments::new(CLASSES);
            moments.add(&logits(value), &[2; 3]).unwrap();
            unit.moments[0].1 = moments;
        });
        assert!(text.contains("moments of ibe (seed 0, single): a sum of logits is "), "{text}");
        let text = said(|unit| {
            let mut cross = CrossMoments::new(CLASSES);
            cross.add(&logits(1.0), &logits(value)).unwrap();
            unit.cross_moments[0].1 = cross;
        });
        assert!(text.contains("cross moments of ibe (seed 0, single): a sum of logits is "), "{text}");
        let value = f64::from(value);
        let text = said(|unit| unit.calibrations[0].2.add(0.5, false, value));
        assert!(
            text.contains("calibration of ibe (seed 0, single): the sum of squared errors is "),
            "{text}"
        );
        let text = said(|unit| unit.non_distinctiveness[0].1.add(value, 0.5));
        assert!(text.contains("non-distinctiveness of ibe (seed 0, single): joint is "), "{text}");
        let text = said(|unit| {
            let mut sweep = TemperatureSweep::new(4);
            let logits = [vec![value as f32], vec![1.0; 8]].concat();
            sweep.fit_image(Probability::Softmax, &logits, CLASSES, &[1; 3]).unwrap();
            unit.sweeps = vec![(other(), TemperatureSweeps { of: vec![(Probability::Softmax, sweep)] })];
        });
        assert!(text.contains("temperature sweeps of ibe (seed 0, single): a sum of losses is "), "{text}");
    }
}

#[test]
fn results_of_a_further_master_seed_are_compared_among_themselves() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    let mut store = Store::create(&path, &manifest().further_seeds(vec![8], Vec::new())).unwrap();
    let bare = |series: &Series, pixels: usize| Unit {
        confusions: vec![(series.clone(), confusion(&[(0, 0, pixels)]))],
        ..Unit::new(unit("a", &fog(), &[]).input)
    };
    store.commit_under(8, &bare(&one(), 3)).unwrap();
    let before = content(&path);
    let error = store.commit_under(8, &bare(&other(), 4)).unwrap_err().to_string();
    assert!(error.contains("has 4 labelled pixels of class 0, another series 3"), "{error}");
    assert_eq!(content(&path), before);
    store.commit_under(8, &bare(&other(), 3)).unwrap();
}

/// The beginning of a PNG file of this size.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes
}

#[test]
fn a_panel_that_does_not_fit_is_refused() {
    let panel = |size: [u32; 2], predicted: [u32; 2]| {
        let [picture, label, prediction] = [size, size, predicted].map(|[width, height]| png(width, height));
        Some(PanelPictures { picture, label, predictions: vec![(other(), prediction)] })
    };
    let text = said(|unit| unit.panel = panel([3, 2], [2, 3]));
    assert!(
        text.contains("the prediction of ibe (seed 0, single) is 2x3, the label map 3x2 (expected the same)"),
        "{text}"
    );
    let text = said(|unit| unit.panel = panel([2, 2], [2, 2]));
    assert!(text.contains("5 pixels of ibe (seed 0, single) are counted, its label map has 4"), "{text}");
    // A later series is compared with the label map that the store has.
    let (_dir, _path, mut store) = fresh();
    let first = PanelPictures { picture: png(3, 2), label: png(3, 2), predictions: vec![(one(), png(3, 2))] };
    store.commit(&Unit { panel: Some(first), ..unit("a", &fog(), &[one()]) }).unwrap();
    let turned = Unit { panel: panel([2, 3], [2, 3]), ..unit("a", &fog(), &[other()]) };
    let error = store.commit(&turned).unwrap_err().to_string();
    assert!(error.contains("is 2x3, the label map 3x2"), "{error}");
}

#[test]
fn a_manifest_that_could_not_be_read_again_is_not_written() {
    let turned = || manifest().view("a\u{202e}b");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    let data = DataIdentity { list: String::new(), pictures: Vec::new() };
    for error in [
        Store::create(&path, &turned()).unwrap_err(),
        Store::open_or_resume(&path, &turned()).unwrap_err(),
        Store::resume(&path, &turned(), &data).unwrap_err(),
    ] {
        let text = error.to_string();
        assert!(matches!(error, Error::Manifest { .. }), "{text}");
        assert!(text.contains("\"view\": \"a\\u{202e}b\"") && !text.contains('\u{202e}'), "{text}");
        assert_eq!(files_beside(&path), [""; 0]);
    }
}

#[test]
fn a_store_is_not_extended_by_what_could_not_be_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    // 2001 corruptions at two severities.
    let many = || {
        let kinds =
            (0..2001).map(|k| CorruptionInfo { name: format!("c{k}"), ..manifest().corruptions[0].clone() });
        manifest().corruptions(kinds.collect(), vec![1, 2])
    };
    let evil = || Manifest {
        models: vec![ModelInfo {
            checkpoint_sha256: "ask:network:a\u{202e}b".to_owned(),
            ..model("evil", 0)
        }],
        ..manifest()
    };
    let mut store = Store::create(&path, &manifest()).unwrap();
    store.commit(&unit("a", &fog(), &[one()])).unwrap();
    let before = content(&path);
    for error in [store.extend(&evil()).unwrap_err(), store.extend(&many()).unwrap_err()] {
        assert!(matches!(error, Error::Manifest { .. }), "{error}");
        assert_eq!((content(&path), store.manifest()), (before.clone(), &manifest()));
    }
    store.close().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let data = DataIdentity { list: String::new(), pictures: Vec::new() };
    for error in [
        Store::open_or_resume(&path, &evil()).unwrap_err(),
        Store::resume(&path, &evil(), &data).unwrap_err(),
    ] {
        let text = error.to_string();
        assert!(
            text.contains("could not be read again") && text.contains("ask:network:a\\u{202e}b"),
            "{text}"
        );
        assert!(std::fs::read(&path).unwrap() == bytes);
    }
}

#[test]
fn shards_that_call_one_model_differently_are_not_joined() {
    let dir = tempfile::tempdir().unwrap();
    let parts = ["Mine", "Yours"].map(|label| {
        let models = vec![ModelInfo { label: label.to_owned(), ..model("softmax", 0) }];
        Store::create(&dir.path().join(label), &Manifest { models, ..manifest() }).unwrap()
    });
    let error = Store::merge(&dir.path().join("whole"), &parts).unwrap_err();
    assert!(matches!(error, Error::Relabelled { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("model `softmax` is called `Yours`, and in another shard `Mine`"), "{text}");
}
