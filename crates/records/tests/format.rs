//! FORMAT.md holds: a reader with nothing but SQL and little-endian numbers gets the same results.

mod common;

use common::*;
use rusqlite::Connection;
use scribe_records::*;

/// A store with one clean and one corrupted picture, closed.
fn written() -> (tempfile::TempDir, std::path::PathBuf) {
    let (dir, path, mut store) = fresh();
    let of = [series("softmax", 3, Mode::single())];
    let mut clean = unit("a", &Condition::clean(), &of);
    clean.panel = Some(PanelPictures {
        picture: b"PNG".to_vec(),
        label: b"L".to_vec(),
        predictions: vec![(of[0].clone(), b"P".to_vec())],
    });
    store.commit(&clean).unwrap();
    store.commit(&unit("a", &Condition::new("fog", 2).unwrap(), &of)).unwrap();
    store.close().unwrap();
    (dir, path)
}

#[test]
fn confusions_read_through_plain_sql() {
    let (_dir, path) = written();
    let db = Connection::open(&path).unwrap();
    let select =
        "SELECT model, seed, mode, corruption, severity, image, cells FROM results ORDER BY severity";
    let mut query = db.prepare(select).unwrap();
    let mut rows = query.query([]).unwrap();
    rows.next().unwrap();
    let row = rows.next().unwrap().unwrap();
    let text = |i| row.get::<_, String>(i).unwrap();
    assert_eq!([text(0), text(2), text(3), text(5)], ["softmax", "single", "fog", "a"]);
    assert_eq!((row.get::<_, i64>(1).unwrap(), row.get::<_, i64>(4).unwrap()), (3, 2));
    // Two background pixels that are right, then four of class 1 taken for class 2: u8, u8, u32.
    assert_eq!(row.get::<_, Vec<u8>>(6).unwrap(), [0, 0, 2, 0, 0, 0, 1, 2, 4, 0, 0, 0]);
}

#[test]
fn moments_read_through_plain_sql() {
    let (_dir, path) = written();
    let db = Connection::open(&path).unwrap();
    let select = "SELECT block, images, sums FROM moments WHERE corruption = 'clean'";
    let (block, images, bytes): (u32, u32, Vec<u8>) =
        db.query_row(select, [], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap();
    assert_eq!((block, images), (moment_block("a", 2), 1));
    let u32_at = |i: usize| u32::from_le_bytes(bytes[i..i + 4].try_into().unwrap());
    let f64_at = |i: usize| f64::from_le_bytes(bytes[i..i + 8].try_into().unwrap());
    assert_eq!((u32_at(0), u32_at(4), u32_at(8)), (3, 1, 2), "channels, classes present, the class");
    assert_eq!(u64::from_le_bytes(bytes[12..20].try_into().unwrap()), 2);
    // Two pixels with logits (-1, 0, 1) and (-0.5, 0.5, 1.5).
    let values: Vec<f64> = (20..bytes.len()).step_by(8).map(f64_at).collect();
    assert_eq!(values, [-1.5, 0.5, 2.5, 1.25, -0.25, -1.75, 0.25, 0.75, 3.25]);
}

#[test]
fn cross_moments_calibration_and_end_read_through_plain_sql() {
    let (_dir, path) = written();
    let db = Connection::open(&path).unwrap();
    let f64_at = |b: &[u8], i: usize| f64::from_le_bytes(b[i..i + 8].try_into().unwrap());
    let u32_at = |b: &[u8], i: usize| u32::from_le_bytes(b[i..i + 4].try_into().unwrap());
    let select = "SELECT images, sums FROM cross_moments WHERE corruption = 'fog'";
    let (images, bytes): (u32, Vec<u8>) = db.query_row(select, [], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
    assert_eq!((images, u32_at(&bytes, 0), bytes.len()), (1, 3, 16 + 8 * (3 + 3 + 6 + 6 + 9)));
    assert_eq!(u64::from_le_bytes(bytes[8..16].try_into().unwrap()), 4, "pixels");
    let values: Vec<f64> = (16..bytes.len()).step_by(8).map(|i| f64_at(&bytes, i)).collect();
    // Planes -1 -0.5 0 0.5 | 1 1.5 2 2.5 | 3 3.5 4 4.5, and twice as much when corrupted.
    assert_eq!(values[..6], [-1.0, 7.0, 15.0, -2.0, 14.0, 30.0]);
    assert_eq!(values[6..12], [1.5, -0.5, -2.5, 13.5, 27.5, 57.5]);
    assert_eq!(values[12..18], values[6..12].iter().map(|v| 4.0 * v).collect::<Vec<_>>());
    assert_eq!(values[18..], [3.0, -1.0, -5.0, -1.0, 27.0, 55.0, -5.0, 55.0, 115.0]);

    let select = "SELECT pixels, squares, bins FROM calibration JOIN inputs ON inputs.id = input \
                  WHERE corruption = 'fog' AND probability = 'sigmoid'";
    let (pixels, squares, bins): (u32, f64, Vec<u8>) =
        db.query_row(select, [], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap();
    assert_eq!((pixels, squares, bins.len()), (5, 4.125, 4 * 16));
    let bin = |i: usize| (u32_at(&bins, 16 * i), u32_at(&bins, 16 * i + 4), f64_at(&bins, 16 * i + 8));
    assert_eq!([0, 1, 2, 3].map(bin), [(0, 0, 0.0), (0, 0, 0.0), (4, 0, 2.0), (1, 1, 0.75)]);

    let select = "SELECT pixels, joint, pairwise FROM non_distinctiveness JOIN inputs ON inputs.id = input \
                  WHERE corruption = 'fog'";
    let end: (u32, f64, f64) = db.query_row(select, [], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap();
    assert_eq!(end, (4, 1.0, 2.0));
}

#[test]
fn manifest_inputs_and_panels_read_through_plain_sql() {
    let (_dir, path) = written();
    let db = Connection::open(&path).unwrap();
    let one = |sql: &str| db.query_row(sql, [], |r| r.get::<_, String>(0)).unwrap();
    assert_eq!(one("SELECT json_extract(json, '$.recipe_digest') FROM manifest"), "0a1b");
    assert_eq!(one("SELECT json_extract(json, '$.models[1].label') FROM manifest"), "IBE");
    assert_eq!(one("SELECT sha256 FROM inputs WHERE corruption = 'fog' AND seed = 4"), "afog:2");
    let panel = "SELECT CAST(picture || label || prediction AS TEXT) FROM panels \
                 JOIN panel_predictions USING (input) JOIN inputs ON inputs.id = input \
                 JOIN series ON series.id = series WHERE model = 'softmax' AND corruption = 'clean'";
    assert_eq!(one(panel), "PNGLP");
    assert_eq!(one("PRAGMA journal_mode"), "delete", "a closed store is one plain file");
}

#[test]
fn the_document_shows_the_tables_as_they_are() {
    let document = include_str!("../../../FORMAT.md");
    let tables = include_str!("../src/store/schema.sql");
    for line in tables.lines().filter(|l| !l.starts_with("--")) {
        assert!(document.contains(line), "FORMAT.md lacks `{line}`");
    }
}
