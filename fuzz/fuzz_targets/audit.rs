//! Whatever a published table and the description of its layout, its numbers are checked or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe_analysis::audit::{Layout, audit};
use scribe_fuzz::plant;
use std::path::Path;

/// What divides the table from its layout.
const DIVIDER: &str = "\n----\n";

fn read(folder: &str, ending: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(folder).map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())));
    let mut files: Vec<_> = files.map(Iterator::collect).unwrap_or_default();
    files.sort();
    files.retain(|path| path.extension().is_some_and(|extension| extension == ending));
    files.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

/// Every layout with every table of the repository.
fn seeds() -> Vec<Vec<u8>> {
    let tables = read("../data", "csv");
    let layouts = read("../crates/analysis/layouts", "toml");
    let of =
        |layout: &String| tables.iter().map(|table| format!("{table}{DIVIDER}{layout}")).collect::<Vec<_>>();
    layouts.iter().flat_map(of).map(String::into_bytes).collect()
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (table, layout) = text.split_once(DIVIDER).unwrap_or((text, ""));
    let Ok(layout) = Layout::parse(layout, "layout.toml") else { return };
    if let Ok(findings) = audit(table, "table.csv", &layout) {
        let _ = (findings.faults(), findings.text(), findings.markdown(), findings.csv(), findings.json());
    }
});
