//! A small manifest and units made by formula, shared by the tests of the store.
#![allow(dead_code)] // each test file is a program of its own and uses a part

use scribe_records::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(crate) const CLASSES: usize = 3;

pub(crate) fn manifest() -> Manifest {
    let text = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()
    };
    let corruption = |name: &str, group: &str| CorruptionInfo {
        name: name.to_owned(),
        implementation: "reference/1".to_owned(),
        group: group.to_owned(),
        severities: Vec::new(),
    };
    Manifest {
        recipe_digest: "0a1b".to_owned(),
        recipe: text(&[("eval.view", "squash-224"), ("net.width", "1")]),
        code_revision: "abc".to_owned(),
        later_revisions: Vec::new(),
        versions: text(&[("candle", "0.11.1")]),
        class_names: ["background", "cat", "dog"].map(str::to_owned).to_vec(),
        class_colours: Vec::new(),
        has_background: true,
        models: vec![model("softmax", 0), model("ibe", 0)],
        modes: vec![Mode::single(), Mode::msc()],
        suite: "imagenet_c".to_owned(),
        corruptions: vec![corruption("snow", "Weather"), corruption("fog", "Weather")],
        severities: vec![1, 2],
        frost_source: FrostSource::Procedural,
        master_seed: 7,
        further_seeds: Vec::new(),
        drawless: Vec::new(),
        view: "squash-224".to_owned(),
        channel_order: "rgb".to_owned(),
        corruption_place: "after_view".to_owned(),
        moment_blocks: 2,
        images: ["b", "a", "c"].map(str::to_owned).to_vec(),
        data_sha256: String::new(),
        created_by: "test 0".to_owned(),
    }
}

pub(crate) fn model(id: &str, seed: u64) -> ModelInfo {
    ModelInfo {
        id: ModelId::new(id).unwrap(),
        label: id.to_uppercase(),
        objective: "by formula".to_owned(),
        seed,
        checkpoint_sha256: format!("{id}-{seed}"),
        file: String::new(),
        trained: true,
    }
}

pub(crate) fn series(model: &str, seed: u64, mode: Mode) -> Series {
    Series::new(ModelId::new(model).unwrap(), seed, mode)
}

/// A unit whose numbers follow from its place: `n` pixels of (truth 1, prediction 2) and two of (0, 0).
pub(crate) fn unit(image: &str, condition: &Condition, of: &[Series]) -> Unit {
    let n = image.len() + condition.severity as usize + 1;
    let sha256 = format!("{image}{condition}");
    let input = Input { image_id: image.to_owned(), condition: condition.clone(), seed: n as u32, sha256 };
    let mut unit = Unit::new(input);
    for series in of {
        let mut confusion = Confusion::new(CLASSES);
        confusion.add(&vec![1; n], &vec![2; n]).unwrap();
        confusion.add(&[0, 0, VOID], &[0, 0, 1]).unwrap();
        unit.confusions.push((series.clone(), SparseConfusion::try_from(&confusion).unwrap()));
        let mut moments = LogitMoments::new(CLASSES);
        let logits: Vec<f32> = (0..CLASSES * n).map(|i| i as f32 * 0.5 - 1.0).collect();
        moments.add(&logits, &vec![2; n]).unwrap();
        unit.moments.push((series.clone(), moments));
        if !condition.is_clean() {
            let mut cross = CrossMoments::new(CLASSES);
            cross.add(&logits, &logits.iter().map(|v| v * 2.0).collect::<Vec<_>>()).unwrap();
            unit.cross_moments.push((series.clone(), cross));
        }
        for probability in [Probability::Softmax, Probability::Sigmoid] {
            let mut calibration = Calibration::new(4);
            calibration.add(0.75, true, 0.125);
            (0..n).for_each(|_| calibration.add(0.5, false, 1.0));
            unit.calibrations.push((series.clone(), probability, calibration));
        }
        let mut end = NonDistinctiveness::default();
        (0..n).for_each(|_| end.add(0.25, 0.5));
        unit.non_distinctiveness.push((series.clone(), end));
    }
    unit
}

/// A store in a fresh folder, which lives as long as the first value.
pub(crate) fn fresh() -> (tempfile::TempDir, PathBuf, Store) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    let store = Store::create(&path, &manifest()).unwrap();
    (dir, path, store)
}

/// Takes the checksums from a store, as if an earlier version had made it: whoever changes a row on purpose can write its sum.
pub(crate) fn forget_checksums(path: &Path) {
    let db = rusqlite::Connection::open(path).unwrap();
    let select = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let tables: Vec<String> =
        db.prepare(select).unwrap().query_map([], |r| r.get(0)).unwrap().map(|name| name.unwrap()).collect();
    for table in tables {
        db.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN checksum")).unwrap();
    }
    db.execute_batch("PRAGMA user_version = 4").unwrap();
}

/// The names of the files in the folder of `path`, sorted.
pub(crate) fn files_beside(path: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(path.parent().unwrap()).unwrap();
    let mut names: Vec<String> =
        entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Every row of every table as text, in the order of the file.
pub(crate) fn dump(path: &Path) -> String {
    let db = rusqlite::Connection::open(path).unwrap();
    let mut text = String::new();
    let sums = ["moments", "cross_moments", "calibration", "non_distinctiveness"];
    let rest = ["manifest", "series", "inputs", "confusions", "panels", "panel_predictions"];
    for table in sums.into_iter().chain(rest) {
        let mut query = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = query.column_count();
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> = (0..columns).map(|i| format!("{:?}", row.get_ref(i).unwrap())).collect();
            text += &format!("{table}: {}\n", cells.join(" | "));
        }
    }
    text
}
