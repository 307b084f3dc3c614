//! A store written and read back: what was committed is what the view holds.

use crate::Results;
use crate::{Cell, HashedInputs, ModeChoice, Start, load};
use scribe_records::{
    Condition, Confusion, CorruptionInfo, FrostSource, Input, LogitMoments, Manifest, Mode, ModelId,
    ModelInfo, PanelPictures, Series, SparseConfusion, Store, Unit,
};
use std::collections::BTreeMap;

fn model(id: &str, label: &str) -> ModelInfo {
    ModelInfo {
        id: ModelId::new(id).unwrap(),
        label: label.to_owned(),
        objective: "made up".to_owned(),
        seed: 4,
        checkpoint_sha256: "ab".repeat(32),
        file: String::new(),
        trained: true,
    }
}

fn manifest() -> Manifest {
    Manifest {
        recipe_digest: "d".repeat(64),
        recipe: BTreeMap::from([("train.pretrained".to_owned(), "false".to_owned())]),
        code_revision: "r1".to_owned(),
        later_revisions: Vec::new(),
        versions: BTreeMap::new(),
        class_names: vec!["background".to_owned(), "cat".to_owned()],
        class_colours: Vec::new(),
        has_background: true,
        models: vec![model("softmax", "Baseline"), model("scribe", "SCrIBE")],
        modes: vec![Mode::single()],
        suite: "imagecorruptions".to_owned(),
        corruptions: vec![CorruptionInfo {
            name: "fog".to_owned(),
            implementation: "reference/1".to_owned(),
            group: "Weather".to_owned(),
            severities: Vec::new(),
        }],
        severities: vec![1],
        frost_source: FrostSource::Procedural,
        master_seed: 7,
        further_seeds: Vec::new(),
        drawless: Vec::new(),
        view: "squash-224".to_owned(),
        channel_order: "rgb".to_owned(),
        corruption_place: "after_view".to_owned(),
        moment_blocks: 4,
        images: vec!["a".to_owned(), "b".to_owned()],
        data_sha256: String::new(),
        created_by: "test".to_owned(),
    }
}

fn unit(image: &str, condition: Condition, pred: &[u8]) -> Unit {
    let mut unit =
        Unit::new(Input { image_id: image.to_owned(), condition, seed: 0, sha256: "0".repeat(64) });
    let mut confusion = Confusion::new(2);
    confusion.add(&[0, 0, 1, 1], pred).unwrap();
    let mut moments = LogitMoments::new(2);
    moments.add(&[0.0, 1.0, 2.0, 3.0, 1.0, 1.0, 5.0, 5.0], pred).unwrap();
    for model in ["scribe", "softmax"] {
        let series = Series::new(ModelId::new(model).unwrap(), 4, Mode::single());
        unit.confusions.push((series.clone(), SparseConfusion::try_from(&confusion).unwrap()));
        unit.moments.push((series, moments.clone()));
    }
    unit
}

#[test]
fn what_was_committed_is_what_the_view_holds() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::create(&dir.path().join(Store::FILE_NAME), &manifest()).unwrap();
    let fog = Condition::new("fog", 1).unwrap();
    let mut shown = unit("a", Condition::clean(), &[0, 0, 1, 1]);
    let series: Vec<Series> = shown.confusions.iter().map(|c| c.0.clone()).collect();
    // The beginning of a PNG file of the image's four pixels is all that is looked at here.
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x02\0\0\0\x02\x08\0\0\0\0".to_vec();
    shown.panel = Some(PanelPictures {
        picture: png.clone(),
        label: png.clone(),
        predictions: series.iter().map(|s| (s.clone(), png.clone())).collect(),
    });
    store.commit(&shown).unwrap();
    // The second picture comes first: the view must not depend on the order of arrival.
    store.commit(&unit("b", fog.clone(), &[0, 0, 0, 0])).unwrap();
    store.commit(&unit("a", fog.clone(), &[0, 0, 1, 1])).unwrap();
    let view = load(&store).unwrap();
    let titles: Vec<String> = view.models.iter().map(|m| view.title(m)).collect();
    assert_eq!(titles, ["Baseline", "SCrIBE"], "the manifest's order and labels");
    assert_eq!(view.about.start, Start::Scratch);
    assert_eq!(view.about.hashed_inputs, HashedInputs { clean: 1, corrupted: 2, further: 0 });
    assert_eq!(view.about.implementations["fog"], "reference/1");
    let model = ModelId::new("softmax").unwrap();
    assert_eq!(Results::new(&view).of(&model, ModeChoice::Single).clean(), Some(1.0));
    // Over both pictures: background 4 of 6, cat 2 of 4.
    let want = f64::midpoint(4.0 / 6.0, 2.0 / 4.0);
    assert!((Results::new(&view).of(&model, ModeChoice::Single).mpc().unwrap() - want).abs() < 1e-12);
    let cell = Cell { series: series[0].clone(), condition: fog };
    assert_eq!(view.per_image[&cell].iter().map(|p| p.0).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(view.moments[&cell].total(), 8);
    assert_eq!(view.panels.len(), 1);
    assert_eq!(view.panels[0].predictions.len(), 2);
    assert_eq!(view.holes().len(), 2, "clean holds one of two pictures, for two models");
}

/// A model counts as trained by the run only where the store says so of each of its networks; an older store says
/// nothing.
#[test]
fn which_models_the_run_trained_is_read_from_the_manifest() {
    let dir = tempfile::tempdir().unwrap();
    let mut given = manifest();
    let mut second = given.models[1].clone();
    (second.seed, second.trained) = (5, false);
    given.models.push(second);
    let path = dir.path().join(Store::FILE_NAME);
    let view = load(&Store::create(&path, &given).unwrap()).unwrap();
    assert_eq!(view.trained.iter().map(ModelId::as_str).collect::<Vec<_>>(), ["softmax"]);
    let mut json = serde_json::to_value(&given).unwrap();
    for model in json["models"].as_array_mut().unwrap() {
        assert!(model.as_object_mut().unwrap().remove("trained").is_some());
    }
    let older: Manifest = serde_json::from_value(json).unwrap();
    assert!(older.models.iter().all(|m| !m.trained));
}
