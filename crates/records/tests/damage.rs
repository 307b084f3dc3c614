//! Files that are no stores, damaged stores, and stores of other settings: each gets its own clear error.

mod common;

use common::*;
use scribe_records::*;
use std::path::Path;

const REMEDY: &str = " (copy the file again from where it was made, or evaluate again)";

fn reason(path: &Path) -> String {
    match Store::open(path).unwrap_err() {
        Error::NotAStore { path: named, reason } => {
            assert_eq!(named, path);
            reason
        }
        other => panic!("expected NotAStore, got {other}"),
    }
}

#[test]
fn a_missing_file_is_missing_and_not_made() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    assert!(matches!(Store::open(&path), Err(Error::Missing { .. })));
    assert!(!path.exists());
    let nowhere = dir.path().join("no/such/folder/store.sqlite");
    assert!(matches!(Store::create(&nowhere, &manifest()), Err(Error::Io { .. })));
}

#[test]
fn garbage_and_other_databases_are_not_stores() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    std::fs::write(&path, b"").unwrap();
    assert!(reason(&path).contains("application id") && reason(&path).ends_with(REMEDY));
    std::fs::write(&path, vec![0x5a; 20_000]).unwrap();
    assert_eq!(reason(&path), format!("file is not a database{REMEDY}"));
    std::fs::remove_file(&path).unwrap();
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE manifest (id, json)").unwrap();
    assert!(reason(&path).contains("application id"));
}

#[test]
fn a_truncated_store_is_refused() {
    let (_dir, path, mut store) = fresh();
    for image in ["a", "b", "c"] {
        store.commit(&unit(image, &Condition::clean(), &[series("softmax", 0, Mode::single())])).unwrap();
    }
    store.close().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for keep in [bytes.len() / 2, bytes.len() - 8192, 3000, 50] {
        std::fs::write(&path, &bytes[..keep]).unwrap();
        let error = Store::open(&path).map(|_| ()).expect_err(&format!("{keep} bytes of {}", bytes.len()));
        assert!(matches!(error, Error::NotAStore { .. }), "{keep} bytes of {}: {error}", bytes.len());
        let examined = Store::examine(&path).map(|found| assert!(!found.problems.is_empty()));
        for said in
            [error.to_string(), examined.map_or_else(|error| error.to_string(), |()| REMEDY.to_owned())]
        {
            assert!(said.ends_with(REMEDY), "{keep} bytes of {}: {said}", bytes.len());
        }
    }
}

#[test]
fn what_sqlite_finds_is_said_on_one_line() {
    let (_dir, path, mut store) = fresh();
    for image in ["a", "b", "c"] {
        store.commit(&unit(image, &Condition::clean(), &[series("softmax", 0, Mode::single())])).unwrap();
    }
    store.close().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let mut found = 0;
    // The first byte of a page says what kind of page it is.
    for page in 1..bytes.len() / 8192 {
        let mut damaged = bytes.clone();
        damaged[page * 8192] ^= 0xff;
        std::fs::write(&path, damaged).unwrap();
        let examined = Store::examine(&path);
        let problems = examined.map_or_else(|error| vec![error.to_string()], |examined| examined.problems);
        let opened = Store::open(&path).map(drop).map_err(|error| error.to_string()).err();
        for problem in problems.iter().chain(&opened) {
            assert!(!problem.contains('\n') && !problem.contains("***"), "page {page}: {problem}");
            found += usize::from(problem.contains("btreeInitPage"));
        }
    }
    assert!(found > 1, "SQLite's own words are still there");
}

#[test]
fn another_version_of_the_tables_is_named() {
    let (_dir, path, store) = fresh();
    store.close().unwrap();
    rusqlite::Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 9").unwrap();
    assert!(
        reason(&path).starts_with("its tables have version 9, this program knows 2 to 5: a newer scribe")
    );
    rusqlite::Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 1").unwrap();
    let old = reason(&path);
    assert!(
        old.contains("version 1") && old.contains("an older scribe") && old.contains("evaluate again"),
        "{old}"
    );
}

#[test]
fn broken_blobs_are_named_when_read() {
    let (_dir, path, mut store) = fresh();
    let one = series("softmax", 0, Mode::single());
    store.commit(&unit("a", &Condition::clean(), std::slice::from_ref(&one))).unwrap();
    let db = rusqlite::Connection::open(&path).unwrap();
    for (cells, says) in [
        ("x'0102'", "multiple of 6"),
        ("x'000000000000'", "without zeros"),
        ("x'010001000000000001000000'", "order"),
    ] {
        db.execute_batch(&format!("UPDATE confusions SET cells = {cells}")).unwrap();
        let error = store.totals(&Filter::all()).unwrap_err().to_string();
        assert!(error.contains("confusion blob") && error.contains(says), "{error}");
    }
    db.execute_batch("UPDATE confusions SET cells = x'000901000000'").unwrap();
    let error = store.totals(&Filter::all()).unwrap_err().to_string();
    assert!(error.contains("true class 0, predicted class 9: expected classes below 3"), "{error}");
    for (sums, says) in
        [("x'0300'", "head"), ("x'0300000001000000'", "0 bytes"), ("x'0000000000000000'", "channels")]
    {
        db.execute_batch(&format!("UPDATE moments SET sums = {sums}")).unwrap();
        let error = store.moments(&one, &Condition::clean()).unwrap_err().to_string();
        assert!(error.contains("moments blob") && error.contains(says), "{error}");
    }
    for (bins, says) in
        [("x''", "multiple of 16"), ("x'00000000000000000000000000000000'", "0 pixels in its bins")]
    {
        db.execute_batch(&format!("UPDATE calibration SET bins = {bins}")).unwrap();
        let error = store.calibrations(&one, &Condition::clean()).unwrap_err().to_string();
        assert!(error.contains("calibration blob") && error.contains(says), "{error}");
    }
    db.execute_batch("UPDATE calibration SET probability = 'guess' WHERE probability = 'softmax'").unwrap();
    assert!(store.calibrations(&one, &Condition::clean()).unwrap_err().to_string().contains("guess"));
    db.execute_batch("UPDATE inputs SET severity = 7").unwrap();
    assert!(matches!(store.inputs(), Err(Error::Value { what: "condition", .. })));
}

#[test]
fn create_never_overwrites() {
    let (_dir, path, store) = fresh();
    store.close().unwrap();
    assert!(matches!(Store::create(&path, &manifest()), Err(Error::Exists { .. })));
}

#[test]
fn another_recipe_is_refused_with_the_keys_that_differ() {
    let (_dir, path, store) = fresh();
    store.close().unwrap();
    let before = dump(&path);
    let mut other = manifest();
    other.recipe_digest = "ffff".to_owned();
    other.recipe.insert("net.width".to_owned(), "0.25".to_owned());
    other.recipe.remove("eval.view");
    other.master_seed = 8;
    other.models[0].checkpoint_sha256 = "new".to_owned();
    other.corruptions[1].implementation = "ours/2".to_owned();
    let text = Store::open_or_resume(&path, &other).unwrap_err().to_string();
    for line in [
        "net.width: 1 -> 0.25",
        "eval.view: squash-224 -> (unset)",
        "manifest.master_seed: 7 -> 8",
        "manifest.checkpoint_sha256.softmax.seed-0: softmax-0 -> new",
        "manifest.implementation.fog: reference/1 -> ours/2",
    ] {
        assert!(text.contains(line), "`{line}` is missing in: {text}");
    }
    assert!(text.contains("store.sqlite") && !text.contains("implementation.snow"), "{text}");
    assert_eq!(dump(&path), before);
}

#[test]
fn models_modes_corruptions_and_pictures_may_be_added() {
    let (_dir, path, store) = fresh();
    store.close().unwrap();
    let mut more = manifest();
    more.models = vec![model("scribe", 0)];
    more.modes = vec![Mode::new("msc-logit").unwrap()];
    more.severities = vec![3];
    more.images = ["c", "b", "a", "d"].map(str::to_owned).to_vec();
    more.code_revision = "def".to_owned();
    Store::open_or_resume(&path, &more).unwrap().close().unwrap();
    let after = Store::open(&path).unwrap().manifest().clone();
    let ids: Vec<&str> = after.models.iter().map(|m| m.id.as_str()).collect();
    assert_eq!(ids, ["softmax", "ibe", "scribe"]);
    assert_eq!(after.modes.len(), 3);
    assert_eq!(after.severities, [1, 2, 3]);
    assert_eq!(after.images, more.images, "a list that has all of the old one brings its own order");
    assert_eq!((after.code_revision.as_str(), after.later_revisions), ("abc", vec!["def".to_owned()]));
}

#[test]
fn a_label_of_another_model_is_refused_and_nothing_is_added() {
    let (_dir, path, store) = fresh();
    let (label, holder) = (store.manifest().models[0].label.clone(), store.manifest().models[0].id.clone());
    store.close().unwrap();
    let before = dump(&path);
    let mut more = manifest();
    more.models = vec![ModelInfo { label: label.clone(), ..model("scribe", 0) }];
    let text = Store::open_or_resume(&path, &more).unwrap_err().to_string();
    let says = format!("model `{holder}` is called `{label}` (expected another label for `scribe`");
    assert!(text.contains(&says) && text.contains("store.sqlite"), "{text}");
    assert_eq!(dump(&path), before);
    let renamed = ModelInfo { label: "Another".to_owned(), ..manifest().models[0].clone() };
    more.models = vec![renamed];
    let store = Store::open_or_resume(&path, &more).unwrap();
    assert_eq!(store.manifest().models[0].label, "Another", "a model's own label may change");
    assert_eq!(manifest().label_taken(&manifest()), None, "a model keeps its own label");
}
