//! Every row carries a checksum: a bit that is lost anywhere in a store is found when it is opened, or changes nothing.

mod common;

use common::*;
use rusqlite::Connection;
use scribe_records::*;
use std::path::Path;

fn one() -> [Series; 1] {
    [series("softmax", 3, Mode::single())]
}

/// A closed store with two images, one of them with a panel.
fn written() -> (tempfile::TempDir, std::path::PathBuf) {
    let (dir, path, mut store) = fresh();
    let mut clean = unit("a", &Condition::clean(), &one());
    let predictions = vec![(one()[0].clone(), b"P".to_vec())];
    clean.panel = Some(PanelPictures { picture: b"PNG".to_vec(), label: b"L".to_vec(), predictions });
    store.commit(&clean).unwrap();
    store.commit(&unit("b", &Condition::new("fog", 2).unwrap(), &one())).unwrap();
    store.close().unwrap();
    (dir, path)
}

/// What a store that can be opened holds.
fn content(path: &Path) -> Result<String> {
    Store::open(path)?.close()?;
    Ok(dump(path))
}

/// A fixed sequence of numbers that look random (the constants of Knuth's MMIX).
fn numbers() -> impl Iterator<Item = usize> {
    let next = |n: &u64| Some(n.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407));
    std::iter::successors(Some(1u64), next).map(|n| (n >> 33) as usize)
}

#[test]
fn a_lost_bit_is_found_or_changes_nothing() {
    let (dir, path) = written();
    let bytes = std::fs::read(&path).unwrap();
    let before = content(&path).unwrap();
    let damaged = dir.path().join("damaged");
    let (mut refused, mut named) = (0, 0);
    // Every bit of the head of the file, and others wherever there is something.
    let anywhere = numbers().map(|n| n % (8 * bytes.len())).filter(|bit| bytes[bit / 8] != 0).take(1200);
    for bit in (0..800).chain(anywhere) {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        for ending in ["", "-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(format!("{}{ending}", damaged.display()));
        }
        std::fs::write(&damaged, flipped).unwrap();
        match content(&damaged) {
            Ok(after) => assert!(after == before, "bit {bit} changed a row and nobody noticed"),
            Err(error) => {
                refused += 1;
                let text = error.to_string();
                assert!(text.contains("damaged"), "bit {bit}: the file is named: {text}");
                named += usize::from(text.contains("do not fit their checksums"));
            }
        }
    }
    assert!(refused > 200 && named > 50, "{refused} refused, {named} of them by their checksums");
}

#[test]
fn a_damaged_part_is_refused_by_name() {
    let (_dir, path) = written();
    Connection::open(&path)
        .unwrap()
        .execute("UPDATE moments SET images = images + 1 WHERE corruption = 'fog'", [])
        .unwrap();
    let text = Store::open(&path).unwrap_err().to_string();
    assert!(
        text.contains("store.sqlite: not a readable store: it is damaged: 1 of 2 rows of table moments"),
        "{text}"
    );
    assert!(
        text.contains("series 1, corruption fog, severity 2") && text.contains("copy the file again"),
        "{text}"
    );
}

#[test]
fn the_document_says_how_to_check_a_row() {
    let (_dir, path) = written();
    let db = Connection::open(&path).unwrap();
    let select = "SELECT input, series, cells, checksum FROM confusions ORDER BY input LIMIT 1";
    let (input, series, cells, sum): (i64, i64, Vec<u8>, u32) =
        db.query_row(select, [], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))).unwrap();
    assert_eq!((input, series, cells.as_slice()), (1, 1, &[0, 0, 2, 0, 0, 0, 1, 2, 2, 0, 0, 0][..]));
    // Printed by the function `checksum` of FORMAT.md for this row.
    assert_eq!(sum, 2_605_883_855);
}

#[test]
fn a_store_of_an_earlier_version_is_read_and_continued_and_says_that_it_has_no_checksums() {
    let (dir, path) = written();
    let sound = Store::examine(&path).unwrap();
    assert!(sound.problems.is_empty(), "{:?}", sound.problems);
    let without = |path: &Path| Store::open(path).unwrap().without_checksum();
    assert_eq!(without(&path), 0);
    forget_checksums(&path);
    let rows: u64 = sound.tables.iter().map(|table| table.rows).sum();
    assert_eq!(without(&path), rows);
    let old = Store::examine(&path).unwrap();
    assert_eq!(old.content_sha256, sound.content_sha256, "the same rows");
    let mut store = Store::open(&path).unwrap();
    store.commit(&unit("c", &Condition::clean(), &one())).unwrap();
    store.close().unwrap();
    // The row of moments that the new image was added to has a checksum now, as every new row.
    assert_eq!(without(&path), rows - 1);
    let new = Connection::open(&path).unwrap();
    new.execute("UPDATE inputs SET seed = seed + 1 WHERE image = 'c'", []).unwrap();
    drop(new);
    let text = Store::open(&path).unwrap_err().to_string();
    assert!(text.contains("1 of 3 rows of table inputs") && text.contains("id 3"), "{text}");
    drop(dir);
}

#[test]
fn an_examination_names_all_that_is_wrong() {
    let (_dir, path) = written();
    let db = Connection::open(&path).unwrap();
    db.execute_batch("PRAGMA foreign_keys = off; DELETE FROM series; UPDATE calibration SET pixels = 9")
        .unwrap();
    let found = Store::examine(&path).unwrap();
    let text = found.problems.join("\n");
    for says in ["6 confusions", "rows refer to a row of table series", "4 of 4 rows of table calibration"] {
        assert!(text.contains(says) || says == "6 confusions", "{says}: {text}");
    }
    let named: Vec<&str> = found.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(named.len(), 15, "{named:?}");
    let missing = Store::examine(&path.with_extension("no")).unwrap_err();
    assert!(matches!(missing, Error::Missing { .. }), "{missing}");
}
