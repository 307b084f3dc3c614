//! Shards: joined they are one run's store; holes and overlaps are found.

mod common;

use common::*;
use scribe_records::*;
use std::path::PathBuf;

const IMAGES: [&str; 6] = ["b", "a", "c", "dd", "e", "ff"];

fn of() -> [Series; 2] {
    [series("softmax", 0, Mode::single()), series("ibe", 0, Mode::msc())]
}

/// A closed store with the pictures that `wanted` lets through.
fn part(dir: &tempfile::TempDir, name: &str, wanted: impl Fn(&str) -> bool) -> PathBuf {
    let path = dir.path().join(name);
    let manifest = Manifest { images: IMAGES.map(str::to_owned).to_vec(), ..manifest() };
    let mut store = Store::create(&path, &manifest).unwrap();
    for image in IMAGES.into_iter().filter(|i| wanted(i)) {
        for condition in manifest.conditions() {
            let mut unit = unit(image, &condition, &of());
            if image == "c" && condition.is_clean() {
                let predictions = vec![(of()[0].clone(), vec![9])];
                unit.panel = Some(PanelPictures { picture: vec![1], label: vec![2], predictions });
            }
            store.commit(&unit).unwrap();
        }
    }
    store.close().unwrap();
    path
}

fn opened(paths: &[PathBuf]) -> Vec<Store> {
    paths.iter().map(|p| Store::open(p).unwrap()).collect()
}

/// The dump with the lines of each table sorted: moments are copied block by block.
fn sorted(path: &std::path::Path) -> Vec<String> {
    let mut lines: Vec<String> = dump(path).lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn joined_shards_have_the_rows_of_one_run() {
    let dir = tempfile::tempdir().unwrap();
    let one = part(&dir, "one", |_| true);
    let shards = [0, 1].map(|s| part(&dir, &format!("shard{s}"), |i| in_shard(i, 2, s, 2)));
    for order in [[0, 1], [1, 0]] {
        let path = dir.path().join(format!("whole{}", order[0]));
        let parts = opened(&order.map(|o| shards[o].clone()));
        assert!(parts.iter().all(|p| !p.inputs().unwrap().is_empty()), "both shards have work");
        Store::merge(&path, &parts).unwrap().close().unwrap();
        assert_eq!(sorted(&path), sorted(&one));
        let (a, b) = (Store::open(&path).unwrap(), Store::open(&one).unwrap());
        assert_eq!(a.inputs().unwrap(), b.inputs().unwrap(), "in the order of one run");
        assert_eq!(a.panels().unwrap(), b.panels().unwrap());
    }
}

#[test]
fn a_shard_that_is_missing_or_there_twice_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let shards = [0, 1].map(|s| part(&dir, &format!("shard{s}"), |i| in_shard(i, 2, s, 2)));
    let whole = dir.path().join("whole");
    let hole = Store::merge(&whole, &opened(&shards[..1])).unwrap_err();
    let Error::Hole { missing, wanted, first } = &hole else { panic!("{hole}") };
    let absent: Vec<&str> = IMAGES.into_iter().filter(|i| !in_shard(i, 2, 0, 2)).collect();
    assert_eq!((*missing, *wanted), (absent.len() * 5 * 2, 6 * 5 * 2));
    assert_eq!(first.image_id, absent[0]);
    let [a, b] = shards.clone();
    let twice = Store::merge(&whole, &opened(&[a.clone(), b, a])).unwrap_err();
    assert!(matches!(twice, Error::Duplicate { .. }), "{twice}");
    assert!(!whole.exists());
    assert!(matches!(Store::merge(&shards[0], &opened(&shards)), Err(Error::Exists { .. })));
}

#[test]
fn a_block_in_two_shards_is_found() {
    let dir = tempfile::tempdir().unwrap();
    // Divided by name and not by block.
    let shards = [part(&dir, "left", |i| i < "c"), part(&dir, "right", |i| i >= "c")];
    let whole = dir.path().join("whole");
    let error = Store::merge(&whole, &opened(&shards)).unwrap_err();
    assert!(matches!(error, Error::Overlap { .. }), "{error}");
    assert!(!whole.exists());
}

#[test]
fn shards_without_results_are_no_whole() {
    let dir = tempfile::tempdir().unwrap();
    let empty = part(&dir, "empty", |_| false);
    let whole = dir.path().join("whole");
    for parts in [vec![empty.clone()], vec![empty.clone(), empty]] {
        let hole = Store::merge(&whole, &opened(&parts)).unwrap_err();
        let Error::Hole { missing, wanted, .. } = &hole else { panic!("{hole}") };
        // The manifest's 6 pictures, clean and 2 corruptions at 2 severities, 2 models in 2 modes.
        assert_eq!((*missing, *wanted), (6 * 5 * 4, 6 * 5 * 4));
        assert!(!whole.exists());
    }
}
