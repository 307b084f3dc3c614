//! The store: what goes in comes out, once, whole, and in one file.

mod common;

use common::*;
use scribe_records::*;
use std::collections::BTreeSet;

#[test]
fn calibration_cross_moments_and_end_are_summed_over_pictures() {
    let (_dir, _, mut store) = fresh();
    let one = series("ibe", 0, Mode::single());
    let fog = Condition::new("fog", 1).unwrap();
    let units = ["b", "a", "c"].map(|image| unit(image, &fog, std::slice::from_ref(&one)));
    units.iter().for_each(|u| store.commit(u).unwrap());
    let mut cross = CrossMoments::new(CLASSES);
    let mut calibration = Calibration::new(4);
    let mut end = NonDistinctiveness::default();
    for u in &units {
        cross.merge(&u.cross_moments[0].1).unwrap();
        calibration.merge(&u.calibrations[1].2).unwrap();
        end.merge(&u.non_distinctiveness[0].1);
    }
    assert_eq!(store.cross_moments(&one, &fog).unwrap(), Some(cross));
    assert_eq!(store.calibrations(&one, &fog).unwrap()[&Probability::Sigmoid], calibration);
    assert_eq!(store.non_distinctiveness(&one, &fog).unwrap(), Some(end));
    let place = vec![(one.clone(), fog.clone())];
    assert_eq!(store.cross_keys().unwrap(), place);
    assert_eq!(store.calibration_keys().unwrap(), place);
    assert_eq!(store.non_distinctiveness_keys().unwrap(), place);
    assert_eq!(store.cross_moments(&one, &Condition::clean()).unwrap(), None);
    assert_eq!(store.cross_blocks(&one, &fog).unwrap().iter().map(|b| b.image_count).sum::<u64>(), 3);
    let mut images = Vec::new();
    let filter = Filter { image_id: Some("a".to_owned()), ..Filter::all() };
    let each = |key: Key, probability, calibration: Calibration| -> Result<()> {
        images.push((key.image_id, probability, calibration.pixels()));
        Ok(())
    };
    store.for_each_calibration(&filter, each).unwrap();
    let of = |p| ("a".to_owned(), p, 4);
    assert_eq!(images, [of(Probability::Sigmoid), of(Probability::Softmax)]);
}

#[test]
fn what_goes_in_comes_out() {
    let (_dir, path, mut store) = fresh();
    let both = [series("softmax", 0, Mode::single()), series("ibe", u64::MAX, Mode::msc())];
    let conditions = [Condition::clean(), Condition::new("fog", 2).unwrap()];
    let mut units = Vec::new();
    for image in ["b", "a", "ccc"] {
        for condition in &conditions {
            units.push(unit(image, condition, &both));
        }
    }
    units[1].panel = Some(PanelPictures {
        picture: vec![1, 2],
        label: vec![3],
        predictions: vec![(both[1].clone(), vec![4, 5])],
    });
    units.iter().for_each(|u| store.commit(u).unwrap());
    store.close().unwrap();
    assert_eq!(files_beside(&path), ["store.sqlite"], "close leaves one file");

    let store = Store::open(&path).unwrap();
    assert_eq!(*store.manifest(), manifest());
    assert_eq!(store.series().unwrap(), both, "the manifest's order, then what it does not know");
    assert_eq!(store.inputs().unwrap(), units.iter().map(|u| u.input.clone()).collect::<Vec<_>>());
    let all = store.confusions(&Filter::all()).unwrap();
    assert_eq!(all.len(), 12);
    for u in &units {
        for (s, cells) in &u.confusions {
            assert_eq!(all[&Key::new(s, &u.input.condition, u.input.image_id.clone())], *cells);
        }
    }
    assert_eq!(all.into_keys().collect::<BTreeSet<_>>(), store.completed().unwrap());
    let panels = store.panels().unwrap();
    assert_eq!(
        (panels.len(), &panels[0].image_id, &panels[0].condition),
        (1, &"b".to_owned(), &conditions[1])
    );
    assert_eq!(Some(&panels[0].pictures), units[1].panel.as_ref());
}

#[test]
fn filters_and_totals_agree_with_the_units() {
    let (_dir, _, mut store) = fresh();
    let both = [series("softmax", 0, Mode::single()), series("softmax", 1, Mode::single())];
    let fog = Condition::new("fog", 2).unwrap();
    for image in ["a", "bb"] {
        store.commit(&unit(image, &Condition::clean(), &both)).unwrap();
        store.commit(&unit(image, &fog, &both)).unwrap();
    }
    let total = store.total(&both[1], &fog).unwrap().unwrap();
    assert_eq!((total.cell(1, 2), total.cell(0, 0), total.total()), (4 + 5, 4, 13));
    assert_eq!(store.total(&both[1], &Condition::new("snow", 1).unwrap()).unwrap(), None);
    assert_eq!(store.totals(&Filter::all()).unwrap().len(), 4);
    let images: Vec<String> = store.per_image(&both[0], &fog).unwrap().into_keys().collect();
    assert_eq!(images, ["a", "bb"]);
    let only = Filter { image_id: Some("bb".to_owned()), seed: Some(1), ..Filter::all() };
    assert_eq!(store.confusions(&only).unwrap().len(), 2);
}

#[test]
fn moments_add_up_within_their_block_and_over_blocks() {
    let (_dir, _, mut store) = fresh();
    let one = series("softmax", 0, Mode::single());
    let images = ["a", "bb", "c", "d"];
    let mut sum = LogitMoments::new(CLASSES);
    for image in images {
        let u = unit(image, &Condition::clean(), std::slice::from_ref(&one));
        sum.merge(&u.moments[0].1).unwrap();
        store.commit(&u).unwrap();
    }
    // Halves and small whole numbers: the sums are exact whatever their order.
    assert_eq!(store.moments(&one, &Condition::clean()).unwrap(), Some(sum));
    let blocks = store.moment_blocks(&one, &Condition::clean()).unwrap();
    for b in &blocks {
        let here = images.iter().filter(|i| moment_block(i, 2) == b.block).count();
        assert_eq!(b.image_count, here as u64);
    }
    assert_eq!(blocks.iter().map(|b| b.image_count).sum::<u64>(), 4);
    assert_eq!(store.moment_keys().unwrap(), [(one.clone(), Condition::clean())]);
    assert_eq!(store.moments(&one, &Condition::new("fog", 1).unwrap()).unwrap(), None);
}

#[test]
fn a_key_is_taken_once_and_a_refused_unit_leaves_nothing() {
    let (_dir, path, mut store) = fresh();
    let (one, two) = (series("softmax", 0, Mode::single()), series("ibe", 0, Mode::single()));
    store.commit(&unit("a", &Condition::clean(), std::slice::from_ref(&one))).unwrap();
    let before = dump(&path);
    // The new series comes first, so a half-written unit would show.
    let error = store.commit(&unit("a", &Condition::clean(), &[two.clone(), one])).unwrap_err();
    assert!(matches!(&error, Error::Duplicate { key, .. } if key.model.as_str() == "softmax"), "{error}");
    assert!(error.to_string().contains("softmax (seed 0, single), clean, picture a"), "{error}");
    let mut other = unit("a", &Condition::clean(), std::slice::from_ref(&two));
    other.input.sha256 = "ff".to_owned();
    let error = store.commit(&other).unwrap_err();
    assert!(matches!(error, Error::InputChanged { .. }) && error.to_string().contains("ff"), "{error}");
    assert_eq!(dump(&path), before);
    store.commit(&unit("a", &Condition::clean(), &[two])).unwrap();
    assert_eq!(store.inputs().unwrap().len(), 1, "another model on the same picture shares its row");
}

#[test]
fn a_unit_that_contradicts_itself_is_refused() {
    let (_dir, path, mut store) = fresh();
    let one = series("softmax", 0, Mode::single());
    let good = unit("a", &Condition::clean(), std::slice::from_ref(&one));
    let before = dump(&path);
    let twice = Unit { confusions: doubled(&good.confusions), ..good.clone() };
    let unguarded = Unit { confusions: Vec::new(), ..good.clone() };
    let moments_twice = Unit { moments: doubled(&good.moments), ..good.clone() };
    for bad in [twice, unguarded, moments_twice] {
        assert!(matches!(store.commit(&bad), Err(Error::Unit { .. })));
    }
    assert_eq!(dump(&path), before);
}

#[test]
fn a_killed_writer_loses_the_unit_in_work_and_nothing_else() {
    let (dir, path, mut store) = fresh();
    let one = [series("softmax", 0, Mode::single())];
    store.commit(&unit("a", &Condition::clean(), &one)).unwrap();
    store.commit(&unit("b", &Condition::clean(), &one)).unwrap();
    let committed = dump(&path);
    // A second connection is in the middle of writing when the files are taken as a killed process leaves them.
    let mut writer = rusqlite::Connection::open(&path).unwrap();
    let half = writer.transaction().unwrap();
    half.execute(
        "INSERT INTO inputs (image, corruption, severity, seed, sha256, checksum) VALUES ('z', 'fog', 1, 0, '', 0)",
        [],
    )
    .unwrap();
    half.execute("DELETE FROM confusions", []).unwrap();
    let killed = dir.path().join("killed");
    std::fs::create_dir(&killed).unwrap();
    for name in ["store.sqlite", "store.sqlite-wal"] {
        std::fs::copy(dir.path().join(name), killed.join(name)).unwrap();
    }
    let path = killed.join(Store::FILE_NAME);
    let mut after = Store::open(&path).unwrap();
    assert_eq!(dump(&path), committed);
    assert!(matches!(after.commit(&unit("b", &Condition::clean(), &one)), Err(Error::Duplicate { .. })));
    after.commit(&unit("z", &Condition::clean(), &one)).unwrap();
    after.close().unwrap();
    assert_eq!(files_beside(&path), ["store.sqlite"]);
}

#[test]
fn the_same_units_give_the_same_bytes_with_or_without_a_pause() {
    let both = [series("softmax", 0, Mode::single()), series("ibe", 0, Mode::msc())];
    let written = |pause: bool| {
        let (_dir, path, mut store) = fresh();
        for image in ["b", "a", "c", "dd"] {
            for condition in manifest().conditions() {
                store.commit(&unit(image, &condition, &both)).unwrap();
            }
            if pause {
                store.close().unwrap();
                store = Store::open_or_resume(&path, &manifest()).unwrap();
            }
        }
        store.close().unwrap();
        dump(&path)
    };
    assert_eq!(written(false), written(true));
}

#[test]
fn a_reader_does_not_make_the_writer_fail() {
    let (_dir, path, mut store) = fresh();
    store.commit(&unit("a", &Condition::clean(), &[series("softmax", 0, Mode::single())])).unwrap();
    let reader = Store::open(&path).unwrap();
    assert_eq!(reader.inputs().unwrap().len(), 1);
    store.close().unwrap();
    assert_eq!(reader.inputs().unwrap().len(), 1);
    reader.close().unwrap();
    assert_eq!(files_beside(&path), ["store.sqlite"]);
}

fn doubled<T: Clone>(list: &[T]) -> Vec<T> {
    [list, list].concat()
}
