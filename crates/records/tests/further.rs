//! Further master seeds: their confusions lie beside everything else, which stays as it was.

mod common;

use common::*;
use scribe_records::*;
use std::path::Path;

const SEEDS: [u64; 2] = [8, 9];

fn two_more() -> Manifest {
    manifest().further_seeds(SEEDS.to_vec(), vec!["fog".to_owned()])
}

/// The confusions of a unit alone, which is what a further master seed keeps.
fn bare(image: &str, condition: &Condition, of: &[Series]) -> Unit {
    let whole = unit(image, condition, of);
    Unit { confusions: whole.confusions, ..Unit::new(whole.input) }
}

fn of() -> [Series; 2] {
    [series("softmax", 0, Mode::single()), series("ibe", 0, Mode::single())]
}

/// Writes everything of the images that `wanted` lets through, first under the first master seed.
fn fill(path: &Path, wanted: impl Fn(&str) -> bool) {
    let manifest = two_more();
    let mut store = Store::create(path, &manifest).unwrap();
    let images: Vec<&String> = manifest.images.iter().filter(|i| wanted(i)).collect();
    for image in &images {
        for condition in manifest.conditions() {
            store.commit_under(7, &unit(image, &condition, &of())).unwrap();
        }
    }
    for seed in SEEDS {
        for image in &images {
            for condition in manifest.drawn_conditions() {
                store.commit_under(seed, &bare(image, &condition, &of())).unwrap();
            }
        }
    }
    store.close().unwrap();
}

/// Everything of the further master seeds that a reader can ask for.
fn further(path: &Path) -> String {
    let store = Store::open(path).unwrap();
    let mut text = format!("{:?}\n", store.further_inputs().unwrap());
    store
        .for_each_further(|seed, key, cells| -> Result<()> {
            text += &format!("{seed} {key} {cells:?}\n");
            Ok(())
        })
        .unwrap();
    text
}

#[test]
fn only_conditions_with_a_draw_are_wanted_again() {
    let names = |conditions: Vec<Condition>| conditions.iter().map(ToString::to_string).collect::<Vec<_>>();
    // Snow comes first in the manifest; fog is said to draw nothing.
    assert_eq!(names(two_more().drawn_conditions()), ["snow:1", "snow:2"]);
    let mut given = two_more();
    given.corruptions[0].group = CorruptionInfo::GIVEN.to_owned();
    assert!(given.drawn_conditions().is_empty(), "pictures that are given are not drawn");
}

#[test]
fn further_seeds_are_kept_beside_the_first_and_are_not_mixed_with_it() {
    let (_dir, path, store) = fresh();
    store.close().unwrap();
    let mut store = Store::open_or_resume(&path, &two_more()).unwrap();
    let snow = Condition::new("snow", 1).unwrap();
    store.commit_under(7, &unit("a", &snow, &of())).unwrap();
    let before = dump(&path);
    store.commit_under(8, &bare("a", &snow, &of()[..1])).unwrap();
    // Another model comes later, and has seen the same picture.
    store.commit_under(8, &bare("a", &snow, &of()[1..])).unwrap();
    store.commit_under(9, &bare("a", &snow, &of())).unwrap();
    assert_eq!(dump(&path), before, "nothing of the first master seed changed");
    let keys = |seed| store.completed_under(seed).unwrap().len();
    assert_eq!([keys(7), keys(8), keys(9)], [2, 2, 2]);
    let inputs = store.further_inputs().unwrap();
    assert_eq!(inputs.iter().map(|(seed, input)| (*seed, input.seed)).collect::<Vec<_>>(), [(8, 3), (9, 3)]);

    let twice = store.commit_under(8, &bare("a", &snow, &of())).unwrap_err();
    assert!(matches!(twice, Error::Duplicate { .. }), "{twice}");
    let more = store.commit_under(9, &unit("b", &snow, &of())).unwrap_err();
    assert!(more.to_string().contains("only confusions"), "{more}");
    let mut other = bare("a", &snow, &[series("new", 0, Mode::single())]);
    other.input.sha256 = "other".to_owned();
    assert!(matches!(store.commit_under(8, &other), Err(Error::InputChanged { .. })));
    assert_eq!(store.further_inputs().unwrap().len(), 2, "nothing of the refused ones was written");
}

#[test]
fn a_store_of_the_version_before_is_read_and_takes_further_seeds() {
    let (_dir, path, mut store) = fresh();
    store.commit(&unit("a", &Condition::clean(), &of())).unwrap();
    store.close().unwrap();
    let db = rusqlite::Connection::open(&path).unwrap();
    let earlier = "DROP TABLE further_confusions; DROP TABLE further_inputs; DROP TABLE temperature_sweeps; \
                   PRAGMA user_version = 3";
    db.execute_batch(earlier).unwrap();
    db.close().unwrap();
    let reader = Store::open(&path).unwrap();
    assert!(reader.further_inputs().unwrap().is_empty());
    assert!(reader.manifest().further_seeds.is_empty());
    reader.close().unwrap();
    let mut store = Store::open_or_resume(&path, &two_more()).unwrap();
    assert_eq!(store.manifest().further_seeds, SEEDS);
    store.commit_under(8, &bare("a", &Condition::new("snow", 1).unwrap(), &of())).unwrap();
    store.close().unwrap();
    let version = rusqlite::Connection::open(&path).unwrap();
    let version: i32 = version.pragma_query_value(None, "user_version", |r| r.get(0)).unwrap();
    assert_eq!(version, 5);
}

#[test]
fn joined_shards_have_the_further_rows_of_one_run_and_holes_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fill(&at("one"), |_| true);
    let shards = [0, 1].map(|s| {
        let path = at(&format!("shard{s}"));
        fill(&path, |i| in_shard(i, 2, s, 2));
        path
    });
    let parts = || shards.iter().map(|path| Store::open(path).unwrap()).collect::<Vec<_>>();
    Store::merge(&at("whole"), &parts()).unwrap().close().unwrap();
    assert_eq!(further(&at("whole")), further(&at("one")));

    let db = rusqlite::Connection::open(&shards[0]).unwrap();
    db.execute_batch("DELETE FROM further_confusions WHERE input = (SELECT min(id) FROM further_inputs)")
        .unwrap();
    db.close().unwrap();
    let error = Store::merge(&at("hole"), &parts()).unwrap_err();
    assert!(matches!(error, Error::Hole { missing: 2, .. }), "{error}");
}
