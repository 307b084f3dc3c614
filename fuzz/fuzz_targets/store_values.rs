//! A sound store with some values replaced is reported and exported, or refused.
//!
//! Each change is the number of a column, the number of a row, the kind of the new value, and the value.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rusqlite::Connection;
use rusqlite::types::Value;
use scribe_analysis::ReportExtra;
use scribe_export::{Format, export};
use scribe_fuzz::{folder, plant, read_all, sample_store, scratch};
use scribe_records::Store;
use std::sync::OnceLock;

/// Every column that a report reads.
const COLUMNS: [(&str, &str); 34] = [
    ("manifest", "json"),
    ("pictures", "image"),
    ("series", "id"),
    ("series", "model"),
    ("series", "seed"),
    ("series", "mode"),
    ("inputs", "id"),
    ("inputs", "image"),
    ("inputs", "corruption"),
    ("inputs", "severity"),
    ("inputs", "seed"),
    ("inputs", "sha256"),
    ("confusions", "input"),
    ("confusions", "series"),
    ("confusions", "cells"),
    ("moments", "series"),
    ("moments", "corruption"),
    ("moments", "severity"),
    ("moments", "block"),
    ("moments", "images"),
    ("moments", "sums"),
    ("cross_moments", "series"),
    ("cross_moments", "block"),
    ("cross_moments", "images"),
    ("cross_moments", "sums"),
    ("calibration", "series"),
    ("calibration", "probability"),
    ("calibration", "pixels"),
    ("calibration", "squares"),
    ("calibration", "bins"),
    ("non_distinctiveness", "pixels"),
    ("non_distinctiveness", "joint"),
    ("panels", "picture"),
    ("panel_predictions", "prediction"),
];

/// The bytes of a change before its value.
const HEAD: usize = 4;

fn sound() -> &'static [u8] {
    static SOUND: OnceLock<Vec<u8>> = OnceLock::new();
    SOUND.get_or_init(without_checksums)
}

/// A store as it was before rows had checksums, which would refuse every change before its value is looked at.
fn without_checksums() -> Vec<u8> {
    let path = scratch("unchecked.sqlite", &sample_store());
    let db = Connection::open(&path).expect("a store can be opened");
    let tables: Vec<String> = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .and_then(|mut select| select.query_map([], |row| row.get(0))?.collect())
        .expect("a store lists its tables");
    for table in tables {
        db.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN checksum")).expect("a row has a checksum");
    }
    db.execute_batch("PRAGMA user_version = 4; PRAGMA journal_mode = DELETE").expect("settings");
    drop(db);
    std::fs::read(&path).expect("the store is there")
}

fn value(kind: u8, bytes: &[u8]) -> Value {
    let mut eight = [0; 8];
    let length = bytes.len().min(8);
    eight[..length].copy_from_slice(&bytes[..length]);
    match kind % 4 {
        0 => Value::Integer(i64::from_le_bytes(eight)),
        1 => Value::Real(f64::from_le_bytes(eight)),
        2 => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        _ => Value::Blob(bytes.to_vec()),
    }
}

/// Applies the changes; those that SQLite refuses are left out.
fn change(db: &Connection, bytes: &[u8]) {
    let mut rest = bytes;
    while let Some((head, more)) = rest.split_at_checked(HEAD) {
        let (table, column) = COLUMNS[usize::from(head[0]) % COLUMNS.len()];
        let length = usize::from(head[3]).min(more.len());
        let (new, more) = more.split_at(length);
        let whole = if length == 255 { more } else { new };
        let key = if matches!(table, "confusions" | "calibration" | "non_distinctiveness") {
            "input"
        } else {
            "rowid"
        };
        let update = format!(
            "UPDATE {table} SET {column} = ?1 WHERE {key} = (SELECT {key} FROM {table} LIMIT 1 OFFSET {})",
            head[1] % 16
        );
        let _ = db.execute(&update, [value(head[2], whole)]);
        rest = if length == 255 { &[] } else { more };
    }
}

/// A change of each column: to 0, to another value of its own kind, and to the value that it has.
fn seeds() -> Vec<Vec<u8>> {
    let db = Connection::open(scratch("seeds.sqlite", sound())).expect("a store can be opened");
    let mut seeds = vec![Vec::new()];
    for (number, (table, column)) in COLUMNS.iter().enumerate() {
        let select = format!("SELECT {column} FROM {table} LIMIT 1");
        let Ok(own) = db.query_row(&select, [], |row| row.get::<_, Value>(0)) else { continue };
        let (kind, bytes) = match own {
            Value::Integer(own) => (0, own.to_le_bytes().to_vec()),
            Value::Real(own) => (1, own.to_le_bytes().to_vec()),
            Value::Text(own) => (2, own.into_bytes()),
            Value::Blob(own) => (3, own),
            Value::Null => continue,
        };
        let length = if bytes.len() < 255 { bytes.len() as u8 } else { 255 };
        seeds.push([&[number as u8, 0, kind, length], &bytes[..]].concat());
        seeds.push(vec![number as u8, 1, kind, 8, 255, 255, 255, 255, 255, 255, 255, 127]);
    }
    seeds
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    let path = scratch("values.sqlite", sound());
    let db = Connection::open(&path).expect("a store can be opened");
    db.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;").expect("settings");
    change(&db, bytes);
    drop(db);
    let Ok(store) = Store::open(&path) else { return };
    read_all(&store);
    let _ = export(&store, Format::Csv, &folder().join("export"));
    if let Ok(view) = scribe_analysis::load(&store)
        && let Ok(contents) = scribe_analysis::contents(&view, &ReportExtra::default())
    {
        let _ = scribe_analysis::terminal(&contents);
        // The pictures of a report take long; every 16th kind of input has them.
        if bytes.len() % 16 == 0 {
            let _ = scribe_analysis::write_contents(&folder().join("report"), &contents);
        }
    }
});
