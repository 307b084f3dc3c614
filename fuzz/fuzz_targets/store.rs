//! Whatever the bytes of a store, it is read and reported, or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe_analysis::ReportExtra;
use scribe_fuzz::{plant, read_all, sample_store, scratch};
use scribe_records::Store;

fuzz_target!(init: plant([sample_store()]), |bytes: &[u8]| {
    let path = scratch("store.sqlite", bytes);
    let Ok(store) = Store::open(&path) else { return };
    read_all(&store);
    if let Ok(view) = scribe_analysis::load(&store) {
        let _ = scribe_analysis::contents(&view, &ReportExtra::default());
    }
});
