//! Whatever the manifest of a store, the store is opened and its tables are computed, or it is refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rusqlite::Connection;
use scribe_analysis::ReportExtra;
use scribe_fuzz::{plant, read_all, sample_store, scratch};
use scribe_records::{Manifest, Store};
use std::sync::OnceLock;

fn sound() -> &'static [u8] {
    static SOUND: OnceLock<Vec<u8>> = OnceLock::new();
    SOUND.get_or_init(sample_store)
}

fn seeds() -> Vec<Vec<u8>> {
    let db = Connection::open(scratch("seeds.sqlite", sound())).expect("a store can be opened");
    let json: String = db.query_row("SELECT json FROM manifest", [], |row| row.get(0)).expect("a manifest");
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    vec![json.into_bytes(), value.to_string().into_bytes()]
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // Most texts are no manifest, which needs no store to be found.
    if serde_json::from_str::<Manifest>(text).is_err() {
        return;
    }
    let path = scratch("manifest.sqlite", sound());
    let db = Connection::open(&path).expect("a store can be opened");
    db.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;").expect("settings");
    db.execute("UPDATE manifest SET json = ?1", [text]).expect("any text is taken");
    drop(db);
    let Ok(store) = Store::open(&path) else { return };
    read_all(&store);
    let manifest = store.manifest();
    let _ = (manifest.run_facts(), manifest.pretrained(), manifest.to_json());
    if let Ok(view) = scribe_analysis::load(&store) {
        let _ = scribe_analysis::contents(&view, &ReportExtra::default());
    }
});
