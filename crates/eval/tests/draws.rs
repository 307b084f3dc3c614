//! Further master seeds: the same pictures with other noise, of which confusions are counted and nothing else.

mod common;

use common::*;
use scribe_eval::run;
use scribe_records::*;

#[test]
fn further_draws_change_what_draws_and_resume_to_the_same_rows() {
    let world = World::new();
    let pass = || world.pass().threads(2);
    let manifest = manifest(&pass()).further_seeds(vec![2021], vec!["contrast".into(), "brightness".into()]);
    let mut drawn = manifest.drawn_conditions();
    // A manifest has every corruption at every severity.
    drawn.retain(|condition| pass().conditions.contains(condition));
    assert_eq!(
        drawn.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["gaussian_noise:1", "gaussian_noise:5"]
    );
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    let mut store = Store::create(&path, &manifest).unwrap();
    run(&pass(), &mut store).unwrap();
    let first = rows(&path);
    let again = || pass().of_further_seed(2021, drawn.clone());
    let summary = run(&again(), &mut store).unwrap();
    // Four pictures under two conditions, by two networks in two modes.
    assert_eq!((summary.inputs, summary.predictions), (8, 32));
    assert_eq!(rows(&path), first, "nothing of the first master seed changed");
    assert_eq!(run(&again(), &mut store).unwrap().done_before, 32);

    assert_other_pictures(&store);
    // The same pictures corrupted as the first master seed of another store.
    let alone = Pass2021 { world: &world }.rows();
    let mut found = Vec::new();
    store
        .for_each_further(|_, key, cells| -> Result<()> {
            found.push(format!("{key} {cells:?}"));
            Ok(())
        })
        .unwrap();
    assert_eq!(found, alone);
}

/// What was corrupted again has other seeds and other pixels than before.
fn assert_other_pictures(store: &Store) {
    let before = store.inputs().unwrap();
    for (master, input) in &store.further_inputs().unwrap() {
        let same = |i: &&Input| i.image_id == input.image_id && i.condition == input.condition;
        let old = before.iter().find(same).unwrap();
        assert!(*master == 2021 && old.seed != input.seed && old.sha256 != input.sha256, "{input:?}");
    }
}

/// An evaluation whose first master seed is 2021.
struct Pass2021<'a> {
    world: &'a World,
}

impl Pass2021<'_> {
    fn rows(&self) -> Vec<String> {
        let mut pass = self.world.pass().master_seed(2021);
        pass.conditions.retain(|c| c.is_clean() || c.corruption == "gaussian_noise");
        let (_dir, _path, mut store) = fresh(&pass);
        run(&pass, &mut store).unwrap();
        let mut rows = Vec::new();
        store
            .for_each_confusion(&Filter::all(), |key, cells| -> Result<()> {
                if !key.condition.is_clean() {
                    rows.push(format!("{key} {cells:?}"));
                }
                Ok(())
            })
            .unwrap();
        rows
    }
}
