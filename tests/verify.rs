//! What is damaged in a run is found by name; what can be made again is made again, with the same bytes.

mod common;

use common::{complaint, run, small, succeed};
use scribe_records::Store;
use std::fs;
use std::path::{Path, PathBuf};

const SETTINGS: [&str; 4] =
    ["train.steps=2", "eval.corruptions=[\"fog\", \"contrast\"]", "eval.severities=[1, 5]", "eval.panels=0"];

fn arguments<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    small(command, &SETTINGS, more)
}

/// Changes one bit of the last byte of a file.
fn damage(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(path, bytes).unwrap();
}

/// A number that no pictures give, in a store of an earlier version, whose rows have no checksum.
fn make_impossible(path: &Path) {
    let db = rusqlite::Connection::open(path).unwrap();
    let select = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let tables: Vec<String> =
        db.prepare(select).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for table in tables {
        db.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN checksum")).unwrap();
    }
    let change = "PRAGMA user_version = 4; UPDATE non_distinctiveness SET joint = 9e999 WHERE input = 1";
    db.execute_batch(change).unwrap();
}

fn halve(path: &Path) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

/// Changes one bit of a blob of moments, as a bad copy might.
fn damage_moments(path: &Path) {
    let db = rusqlite::Connection::open(path).unwrap();
    let blob: Vec<u8> = db.query_row("SELECT sums FROM moments LIMIT 1", [], |row| row.get(0)).unwrap();
    drop(db);
    // The pages of a store hold the blob in pieces; its first 64 bytes are in one.
    let mut bytes = fs::read(path).unwrap();
    let places: Vec<usize> = (0..bytes.len() - 64).filter(|at| bytes[*at..at + 64] == blob[..64]).collect();
    assert!(!places.is_empty(), "and maybe in pages that are not used any more");
    places.iter().for_each(|place| bytes[place + 40] ^= 4);
    fs::write(path, bytes).unwrap();
}

fn drawn_picture(runs: &Path) -> PathBuf {
    let folder = runs.join("synthetic/JPEGImages");
    let mut pictures: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pictures.sort();
    pictures.swap_remove(0)
}

/// What is damaged, its file, how, and what is then said of it.
type Damage = (&'static str, PathBuf, fn(&Path), &'static str);

/// One part of a run after the other, damaged.
fn damages(smoke: &Path) -> [Damage; 7] {
    [
        ("numbers", smoke.join("store.sqlite"), make_impossible, "joint is inf over"),
        (
            "store.sqlite",
            smoke.join("store.sqlite"),
            damage_moments,
            "table moments do not fit their checksums",
        ),
        ("shards", smoke.join("shards/1-of-2.sqlite"), damage_moments, "table moments"),
        ("network", smoke.join("train/ibe-seed1/model.safetensors"), damage, "model.safetensors hashes to"),
        ("mark", smoke.join("train/ibe-seed1/finished.json"), halve, "finished.json: damaged"),
        ("picture", drawn_picture(smoke), damage, "is not as it was drawn"),
        (
            "list",
            smoke.join("synthetic/ImageSets/Segmentation/val.txt"),
            halve,
            "val.txt is not as it was drawn",
        ),
    ]
}

#[test]
fn each_damaged_part_is_named_and_nothing_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    succeed(path, &arguments("reproduce", &[]));
    succeed(path, &arguments("eval", &["--shard", "1/2"]));
    let smoke = path.join("runs/smoke");
    let before = common::tree(&smoke);
    let said = succeed(path, &["verify", "runs/smoke"]);
    for part in [
        "store.sqlite",
        "shards/1-of-2.sqlite",
        "train/scribe-seed1",
        "networks",
        "synthetic",
        "pictures and",
    ] {
        assert!(said.lines().any(|line| line.starts_with(part) && line.contains("sound")), "{part}: {said}");
    }
    for (what, file, break_it, says) in damages(&smoke) {
        let bytes = fs::read(&file).unwrap();
        break_it(&file);
        let output = run(path, &["verify", "runs/smoke"]);
        let said =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{what}: {said}");
        assert!(said.contains("DAMAGED") && said.contains(says), "{what}: {said}");
        fs::write(&file, bytes).unwrap();
    }
    assert!(common::tree(&smoke) == before, "and nothing was changed");
    let nothing = complaint(path, &["verify", "."]);
    assert!(nothing.contains("no run"), "{nothing}");
}

#[test]
fn results_of_other_networks_or_pictures_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    succeed(path, &arguments("reproduce", &[]));
    let smoke = path.join("runs/smoke");
    let network = |model: &str| smoke.join("train").join(format!("{model}-seed1/model.safetensors"));
    fs::copy(network("softmax"), network("ibe")).unwrap();
    let other = run(path, &["verify", "runs/smoke"]);
    let said = String::from_utf8_lossy(&other.stdout).into_owned();
    assert!(said.contains("the results are of"), "{said}");
    // Another drawn set in the place of the first, whole in itself.
    fs::remove_dir_all(smoke.join("synthetic")).unwrap();
    succeed(path, &["data", "synth", "other", "--train", "4", "--val", "2", "--seed", "9"]);
    fs::rename(path.join("other"), smoke.join("synthetic")).unwrap();
    let other = run(path, &["verify", "runs/smoke"]);
    let said = String::from_utf8_lossy(&other.stdout).into_owned();
    assert!(said.contains("pictures with another content") && said.contains("no SHA256SUMS"), "{said}");
}

/// Removes the states that a training could continue from.
fn remove_states(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let state = entry.unwrap().path();
        if state.file_name().unwrap().to_string_lossy().starts_with("state-") {
            fs::remove_file(state).unwrap();
        }
    }
}

#[test]
fn a_damaged_mark_or_drawn_set_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    succeed(path, &arguments("train", &[]));
    let smoke = path.join("runs/smoke");
    let content = || {
        let mut tree = common::tree(&smoke);
        tree.remove("log.txt");
        tree
    };
    let before = content();
    let again = || {
        let output = run(path, &arguments("train", &[]));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(content() == before);
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let mark = smoke.join("train/ibe-seed1/finished.json");
    halve(&mark);
    let said = again();
    assert!(
        said.contains("finished.json: damaged") && said.contains("continuing from the newest state"),
        "{said}"
    );
    fs::write(&mark, "").unwrap();
    again();
    damage(&drawn_picture(&smoke));
    let said = again();
    assert!(said.contains("is not as it was drawn; the set is drawn again"), "{said}");
    fs::remove_file(drawn_picture(&smoke)).unwrap();
    again();
    // Without a state the training would begin anew, which nobody asked for.
    halve(&mark);
    remove_states(mark.parent().unwrap());
    let said = complaint(path, &arguments("train", &[]));
    assert!(said.contains("finished.json"), "{said}");
}

#[test]
fn a_shard_that_lost_a_bit_is_refused_by_name_and_an_old_one_is_taken_with_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    succeed(path, &arguments("train", &[]));
    succeed(path, &arguments("eval", &["--shard", "1/2"]));
    succeed(path, &arguments("eval", &["--shard", "2/2"]));
    let shard = path.join("runs/smoke/shards/2-of-2.sqlite");
    let whole = fs::read(&shard).unwrap();
    damage_moments(&shard);
    let said = complaint(path, &["merge", "runs/smoke"]);
    assert!(said.contains("2-of-2.sqlite") && said.contains("do not fit their checksums"), "{said}");
    assert!(!path.join("runs/smoke/store.sqlite").exists());
    fs::write(&shard, whole).unwrap();
    let db = rusqlite::Connection::open(&shard).unwrap();
    for table in ["manifest", "pictures", "series", "inputs", "confusions", "moments", "cross_moments"] {
        db.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN checksum")).unwrap();
    }
    for table in ["calibration", "non_distinctiveness", "panels", "panel_predictions"] {
        db.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN checksum")).unwrap();
    }
    db.execute_batch("PRAGMA user_version = 3").unwrap();
    db.close().unwrap();
    let output = run(path, &["merge", "runs/smoke"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("2-of-2.sqlite") && said.contains("carry no checksum"),
        "{said}"
    );
    let joined = Store::open(&path.join("runs/smoke/store.sqlite")).unwrap();
    assert_eq!(joined.without_checksum(), 0, "the joined store carries them");
}

#[test]
fn what_is_not_finished_is_sound_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    succeed(path, &arguments("reproduce", &["--set", "eval.records=[]"]));
    let whole = succeed(path, &["verify", "runs/smoke"]);
    assert!(!whole.contains("not finished"), "{whole}");
    // As if the evaluation had been stopped before its last input.
    let db = rusqlite::Connection::open(path.join("runs/smoke/store.sqlite")).unwrap();
    let last = "(SELECT max(id) FROM inputs)";
    db.execute_batch(&format!(
        "PRAGMA foreign_keys = OFF; DELETE FROM confusions WHERE input = {last}; DELETE FROM inputs WHERE id = {last}"
    ))
    .unwrap();
    drop(db);
    let said = succeed(path, &["verify", "runs/smoke"]);
    let store = said.lines().find(|line| line.starts_with("store.sqlite")).unwrap();
    assert!(
        store.contains("sound")
            && store.ends_with("not finished: results of pictures or of draws are missing under 1 condition"),
        "{store}"
    );
}

#[test]
fn an_evaluation_of_fewer_pictures_than_the_training_said_is_sound_and_its_recipe_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    succeed(path, &arguments("train", &["--set", "data.synthetic.val=3"]));
    let recipe = path.join("runs/smoke/recipe.toml");
    let trained = fs::read_to_string(&recipe).unwrap();
    let fewer = ["--set", "data.synthetic.val=3", "--set", "eval.limit=2"];
    // What decides a training alone stays as it was there.
    let evaluate = |more: &[&'static str]| succeed(path, &arguments("eval", &[&fewer, more].concat()));
    evaluate(&["--set", "eval.corruptions=[\"fog\"]", "--set", "train.epochs=7"]);
    let kept = |key: &str| {
        let text = fs::read_to_string(&recipe).unwrap();
        text.lines().find(|line| line.starts_with(key)).unwrap().to_owned()
    };
    assert_eq!((kept("limit"), kept("corruptions")), ("limit = 2".into(), "corruptions = [\"fog\"]".into()));
    assert!(trained.contains(&kept("epochs")), "{trained}");
    let said = succeed(path, &["verify", "runs/smoke"]);
    assert!(said.contains("2 to test on"), "{said}");
    // A store that grows holds what both calls asked for, and what it refuses changes nothing.
    evaluate(&["--set", "eval.corruptions=[\"contrast\"]", "--set", "train.epochs=7"]);
    assert_eq!(kept("corruptions"), "corruptions = [\"fog\", \"contrast\"]");
    let before = fs::read(&recipe).unwrap();
    complaint(path, &arguments("eval", &["--set", "data.synthetic.val=3", "--set", "train.epochs=7"]));
    assert!(fs::read(&recipe).unwrap() == before);
    // A recipe as an earlier version left it.
    fs::write(&recipe, trained).unwrap();
    let said = succeed(path, &["verify", "runs/smoke"]);
    assert!(said.contains("2 to test on"), "{said}");
}
