//! Stores whose rows point nowhere, count too much, or name what no store has: each is an error, and costs little.

mod common;

use common::*;
use rusqlite::{Connection, params};
use scribe_records::*;
use std::path::Path;

/// A closed store with the results of one image, clean and under fog.
fn closed() -> (tempfile::TempDir, std::path::PathBuf) {
    let (dir, path, mut store) = fresh();
    for condition in [Condition::clean(), Condition::new("fog", 1).unwrap()] {
        store.commit(&unit("a", &condition, &[series("softmax", 0, Mode::single())])).unwrap();
    }
    store.close().unwrap();
    forget_checksums(&path);
    (dir, path)
}

/// Changes the store as no store would.
fn change(path: &Path, sql: &str) {
    let db = Connection::open(path).unwrap();
    db.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[test]
fn a_number_of_no_series_is_named() {
    for table in ["moments", "cross_moments"] {
        let (_dir, path) = closed();
        change(&path, &format!("UPDATE {table} SET series = 99"));
        let store = Store::open(&path).unwrap();
        let found = if table == "moments" { store.moment_keys() } else { store.cross_keys() };
        let error = chain(&found.unwrap_err());
        assert!(error.contains("series") && error.contains("99"), "{error}");
    }
    let (_dir, path) = closed();
    change(&path, "UPDATE calibration SET series = 99");
    let error = chain(&Store::open(&path).unwrap().calibration_keys().unwrap_err());
    assert!(error.contains("series") && error.contains("99"), "{error}");
}

#[test]
fn counts_that_no_images_have_are_refused() {
    let one = series("softmax", 0, Mode::single());
    // 8 bytes of head, then class and count of the first entry; of cross-moments 8 bytes of head, then the count.
    for (table, at) in [("moments", 12), ("cross_moments", 8)] {
        let (_dir, path) = closed();
        let db = Connection::open(&path).unwrap();
        let select = format!("SELECT sums FROM {table} WHERE rowid = 1");
        let mut sums: Vec<u8> = db.query_row(&select, [], |r| r.get(0)).unwrap();
        sums[at..at + 8].copy_from_slice(&u64::MAX.to_le_bytes());
        db.execute(&format!("UPDATE {table} SET sums = ?1"), [sums]).unwrap();
        let store = Store::open(&path).unwrap();
        let fog = Condition::new("fog", 1).unwrap();
        let error = match table {
            "moments" => chain(&store.moments(&one, &fog).unwrap_err()),
            _ => chain(&store.cross_moments(&one, &fog).unwrap_err()),
        };
        assert!(error.contains("18446744073709551615 pixels"), "{error}");
    }
    let (_dir, path) = closed();
    change(&path, "UPDATE non_distinctiveness SET pixels = -1");
    let error =
        chain(&Store::open(&path).unwrap().non_distinctiveness(&one, &Condition::clean()).unwrap_err());
    assert!(error.contains("18446744073709551615 pixels"), "{error}");
    // The number of images of a block, to which the next commit adds one.
    let (_dir, path) = closed();
    change(&path, "UPDATE moments SET images = 4294967295");
    let mut store = Store::open(&path).unwrap();

    let same =
        ["b", "c", "d", "e", "f", "g"].into_iter().find(|id| moment_block(id, 2) == moment_block("a", 2));
    let error = store.commit(&unit(same.unwrap(), &Condition::clean(), &[one])).unwrap_err();
    assert!(chain(&error).contains("no room for one more image"), "{error}");
}

#[test]
fn moments_of_nothing_take_no_memory() {
    let (_dir, path) = closed();
    // 255 channels and no class: 8 bytes that stood for 66 MB of zeros.
    let empty = [255_u32.to_le_bytes(), 0_u32.to_le_bytes()].concat();
    Connection::open(&path).unwrap().execute("UPDATE moments SET sums = ?1", [empty]).unwrap();
    let store = Store::open(&path).unwrap();
    let error = store.moments(&series("softmax", 0, Mode::single()), &Condition::clean()).unwrap_err();
    assert!(chain(&error).contains("0 classes of 255 channels"), "{error}");
}

#[test]
fn what_no_store_has_is_named() {
    for (sql, name) in [
        ("CREATE TRIGGER t AFTER INSERT ON inputs BEGIN DELETE FROM confusions; END", "`t`"),
        ("CREATE VIEW more AS SELECT 1", "`more`"),
        ("CREATE TABLE extra (x)", "`extra`"),
        // Rows without end, where a report would read a table.
        (
            "DROP TABLE panel_predictions; CREATE VIEW panel_predictions AS WITH RECURSIVE n(input, series, prediction) AS \
             (SELECT 1, 1, x'00' UNION ALL SELECT input, series, prediction FROM n) SELECT * FROM n",
            "`panel_predictions`",
        ),
    ] {
        let (_dir, path) = closed();
        change(&path, sql);
        let error = chain(&Store::open(&path).unwrap_err());
        assert!(error.contains(name) && error.contains("none of a store's tables"), "{error}");
    }
}

/// Expressions that take gigabytes and minutes wherever SQLite looks at a row: the tables are compared before that.
#[test]
fn expressions_in_the_tables_are_named_and_not_evaluated() {
    let much = "length(hex(zeroblob(450000000))) > 0";
    for (of, from, to) in [
        ("inputs", "seed       INTEGER NOT NULL,", format!("seed INTEGER NOT NULL CHECK ({much}),")),
        (
            "inputs",
            "seed       INTEGER NOT NULL,",
            "seed INTEGER NOT NULL, g BLOB AS (zeroblob(900000000)) VIRTUAL,".to_owned(),
        ),
        ("inputs", "image      TEXT NOT NULL,", "image TEXT NOT NULL COLLATE NOCASE,".to_owned()),
        ("inputs_by_condition", "severity)", format!("severity) WHERE {much}")),
        ("inputs_by_condition", "severity)", format!("severity, {much})")),
        ("results", "confusions.cells", format!("{much} AS cells")),
    ] {
        let (_dir, path) = closed();
        let replaced =
            format!("UPDATE sqlite_schema SET sql = replace(sql, '{from}', '{to}') WHERE name = '{of}'");
        change(&path, &format!("PRAGMA writable_schema = ON; {replaced}; PRAGMA user_version = 5"));
        for error in [Store::open(&path).map(drop).unwrap_err(), Store::examine(&path).map(drop).unwrap_err()]
        {
            let error = chain(&error);
            assert!(
                error.contains(&format!("`{of}`, which is none of a store's tables as scribe makes")),
                "{to}: {error}"
            );
        }
    }
}

/// Whoever writes the schema by hand can spell a statement in many ways, and say of it what is not so.
#[test]
fn a_virtual_table_is_named_however_it_is_written() {
    for (kind, page, statement) in [
        ("table", 0, "CREATE VIRTUAL TABLE zv USING dbstat"),
        ("table", 0, "CREATE  VIRTUAL TABLE zv USING dbstat"),
        ("table", 0, "create/**/virtual table zv USING fts5(x)"),
        ("table", 2, "CREATE\tVIRTUAL TABLE zv USING dbstat"),
        ("index", 2, "CREATE  VIRTUAL TABLE zv USING dbstat"),
    ] {
        let (_dir, path) = closed();
        let insert =
            format!("INSERT INTO sqlite_schema VALUES ('{kind}', 'zv', 'zv', {page}, '{statement}')");
        change(&path, &format!("PRAGMA writable_schema = ON; {insert}"));
        for error in [Store::open(&path).map(drop).unwrap_err(), Store::examine(&path).map(drop).unwrap_err()]
        {
            let error = chain(&error);
            // SQLite itself refuses an index that is a table.
            let said =
                if kind == "index" { "schema (zv)" } else { "`zv`, which is none of a store's tables" };
            assert!(error.contains(said), "{kind} {statement}: {error}");
        }
    }
}

#[test]
fn texts_that_turn_the_direction_of_writing_are_named() {
    let override_of = |sql: &str| {
        let (_dir, path) = closed();
        change(&path, sql);
        let read = || -> Result<()> {
            let store = Store::open(&path)?;
            store.confusions(&Filter::all())?;
            store.inputs().map(drop)
        };
        chain(&read().unwrap_err())
    };
    for (sql, expected) in [
        (
            "UPDATE manifest SET json = replace(json, '\"SOFTMAX\"', '\"SO\u{202e}FT\"')",
            "\"label\": \"SO\\u{202e}FT\"",
        ),
        // JSON may write it as six characters of ASCII.
        (
            "UPDATE manifest SET json = replace(json, '\"SOFTMAX\"', '\"SO\\u2066FT\"')",
            "\"label\": \"SO\\u{2066}FT\"",
        ),
        (
            "UPDATE manifest SET json = replace(json, '\"SOFTMAX\"', '\"IB\u{200b}E\"')",
            "two of its labels look like `IBE`",
        ),
        ("UPDATE inputs SET image = '\u{202e}a'", "image `\\u{202e}a`"),
        ("UPDATE inputs SET corruption = 'fo\u{202e}g' WHERE severity = 1", "condition `fo\\u{202e}g:1`"),
    ] {
        let error = override_of(sql);
        assert!(error.contains(expected) && !error.contains('\u{202e}'), "{sql}: {error}");
    }
}

#[test]
fn a_manifest_that_claims_much_is_refused() {
    for (change, expected) in [
        (r#"json_set(json, '$.class_names', json_array())"#, "0 classes (expected 1 to 255)"),
        // 10^6 conditions in 60 kB: memory was taken for each.
        (MANY_CONDITIONS, "conditions (expected 1 to 2000)"),
    ] {
        let (_dir, path) = closed();
        let db = Connection::open(&path).unwrap();
        db.execute(&format!("UPDATE manifest SET json = {change}"), params![]).unwrap();
        drop(db);
        let error = chain(&Store::open(&path).unwrap_err());
        assert!(error.contains("its manifest: it names") && error.contains(expected), "{error}");
    }
}

/// A thousand corruptions, and a thousand severities.
const MANY_CONDITIONS: &str = "json_set(json, \
    '$.corruptions', (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) \
        SELECT json_group_array(json_object('name', 'c' || i, 'implementation', '', 'group', '')) FROM n), \
    '$.severities', (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) \
        SELECT json_group_array(i % 5 + 1) FROM n))";
