//! Numbers that no pixels add up to are refused when a store is read, also where every checksum is right.

mod common;

use common::*;
use rusqlite::Connection;
use scribe_records::*;
use std::path::PathBuf;

/// A closed store without checksums: two series of one image, clean and under fog. `unit` counts of clean 2 pixels of class 1
/// and 2 of class 0, with 3 of them in each calibration, and of fog one more of class 1.
fn closed() -> (tempfile::TempDir, PathBuf) {
    let (dir, path, mut store) = fresh();
    for condition in [Condition::clean(), Condition::new("fog", 1).unwrap()] {
        let both = [series("softmax", 0, Mode::single()), series("ibe", 0, Mode::single())];
        store.commit(&unit("a", &condition, &both)).unwrap();
    }
    store.close().unwrap();
    forget_checksums(&path);
    (dir, path)
}

/// What reading everything says after a change.
fn said(sql: &str) -> String {
    let (_dir, path) = closed();
    assert!(Connection::open(&path).unwrap().execute(sql, []).unwrap() > 0, "{sql}");
    let store = Store::open(&path).unwrap();
    let error = read(&store).expect_err(sql).to_string();
    assert!(error.starts_with(&path.display().to_string()), "the file is named: {error}");
    error
}

fn read(store: &Store) -> Result<()> {
    store.confusions(&Filter::all())?;
    store.for_each_calibration(&Filter::all(), |_, _, _| -> Result<()> { Ok(()) })?;
    store.for_each_non_distinctiveness(&Filter::all(), |_, _| -> Result<()> { Ok(()) })?;
    for (series, condition) in store.moment_keys()? {
        store.moments(&series, &condition)?;
        store.cross_moments(&series, &condition)?;
    }
    Ok(())
}

#[test]
fn a_sound_store_is_read() {
    let (_dir, path) = closed();
    read(&Store::open(&path).unwrap()).unwrap();
}

#[test]
fn sums_beyond_what_so_many_pixels_give_are_named() {
    for (sql, expected) in [
        // SQLite reads 9e999 as infinity.
        (
            "UPDATE calibration SET squares = 9e999",
            "the sum of squared errors is inf over 3 pixels (expected 0.0 to 3.0606 for each)",
        ),
        ("UPDATE calibration SET squares = -1e300", "the sum of squared errors is -1e300 over 3 pixels"),
        // Softmax: 2 for each of 3 pixels, and what rounding adds: 3 (2 x 1.01^2 + 3 x 0.0001) = 6.1215.
        ("UPDATE calibration SET squares = 6.13 WHERE probability = 'softmax'", "is 6.13 over 3 pixels"),
        // 3 classes: one for each of them, so 3 (3 x 1.01^2 + 3 x 0.0001) = 9.1818.
        ("UPDATE calibration SET squares = 9.19 WHERE probability = 'sigmoid'", "is 9.19 over 3 pixels"),
        (
            "UPDATE non_distinctiveness SET joint = 9e999",
            "joint is inf over 2 pixels (expected 0.0 to 1.0 for each)",
        ),
        ("UPDATE non_distinctiveness SET pairwise = -1", "pairwise is -1.0 over 2 pixels"),
        ("UPDATE non_distinctiveness SET pixels = 50177", "50177 pixels of an image of 50176"),
    ] {
        let error = said(sql);
        assert!(error.contains(expected), "{sql}: {error}");
    }
    // One less, and nothing is refused.
    let (_dir, path) = closed();
    let fits =
        "UPDATE calibration SET squares = 6.12; UPDATE non_distinctiveness SET pairwise = 2, joint = 0";
    Connection::open(&path).unwrap().execute_batch(fits).unwrap();
    read(&Store::open(&path).unwrap()).unwrap();
}

/// A blob of a table in hexadecimal, with eight bytes replaced.
fn changed(table: &str, column: &str, at: usize, value: f64) -> String {
    let (_dir, path) = closed();
    let select = format!("SELECT {column} FROM {table} LIMIT 1");
    let mut blob: Vec<u8> =
        Connection::open(&path).unwrap().query_row(&select, [], |row| row.get(0)).unwrap();
    blob[at..at + 8].copy_from_slice(&value.to_le_bytes());
    let digits: String = blob.iter().map(|byte| format!("{byte:02x}")).collect();
    let first = format!("(SELECT {column} FROM {table} LIMIT 1)");
    said(&format!("UPDATE {table} SET {column} = x'{digits}' WHERE {column} = {first}"))
}

#[test]
fn blobs_with_numbers_that_no_logits_give_are_named() {
    // Of moments: 8 bytes of head, 12 of class and count, 3 sums, and the triangle of products, which begins with a square.
    for (at, value, expected) in [
        (20, f64::NAN, "moments blob: a sum of logits is NaN over 2 pixels"),
        (20, 1.7e308, "a sum of logits is 1.7e308"),
        (44, -1.0, "a sum of squared logits is -1.0"),
        (52, f64::INFINITY, "a sum of products of logits is inf"),
    ] {
        let error = changed("moments", "sums", at, value);
        assert!(error.contains(expected), "{error}");
    }
    // Of cross-moments: 16 bytes of head, 3 and 3 sums, 6 and 6 products, and 9 of clean with corrupted logits.
    for (at, value) in [(16, f64::NAN), (40, 1e300), (64, -1.0), (112, -1.0), (160, f64::NEG_INFINITY)] {
        let error = changed("cross_moments", "sums", at, value);
        assert!(error.contains("cross moments blob: a sum of"), "{at}: {error}");
    }
    // Of the first of 4 bins: two counts of 4 bytes, then the sum of confidences.
    let error = changed("calibration", "bins", 8, f64::NAN);
    assert!(
        error.contains("calibration blob: the sum of confidences of a bin is NaN over 0 pixels"),
        "{error}"
    );
}

#[test]
fn confusions_that_no_label_map_gives_are_named() {
    for (cells, expected) in [
        // 60000 = 0xea60 pixels; squash-224 has 224 x 224 = 50176.
        ("000060ea0000", "image a clean: 60000 pixels are counted (expected at most 50176"),
        ("c80001000000", "true class 200, predicted class 0: expected classes below 3"),
        ("000901000000", "true class 0, predicted class 9"),
        // The other series has 2 pixels of class 0 and 2 of class 1. 255 is a class that a map ignores, and counts.
        ("000002000000010101000000", "1 labelled pixels of class 1, another series 2 (expected the same"),
    ] {
        let error = said(&format!("UPDATE confusions SET cells = x'{cells}' WHERE input = 1 AND series = 2"));
        assert!(error.contains(expected), "{cells}: {error}");
    }
    // The same labels, with other predictions, of which one is ignored.
    let (_dir, path) = closed();
    let cells = ["000001000000", "00ff01000000", "010102000000"].concat();
    let same = format!("UPDATE confusions SET cells = x'{cells}' WHERE input = 1 AND series = 2");
    Connection::open(&path).unwrap().execute(&same, []).unwrap();
    read(&Store::open(&path).unwrap()).unwrap();
}
