//! FORMAT.md's Python blocks: those that read a store, and the one that writes predictions.

use crate::fences::{Block, blocks};
use crate::world::World;
use std::ffi::OsString;
use std::path::Path;

/// Calls the functions that the blocks define, on the blobs that a store has.
const CALLS: &str = "
table = results.groupby(['model', 'mode', 'corruption', 'severity'])['cells'].apply(miou)
assert len(table) == 3 * 2 * 3 and table.between(0, 1).all() and table.max() > 0, table
read = [moments(blob) for (blob,) in db.execute('SELECT sums FROM moments')]
assert read and all((entry['n'] > 0).all() for entry in read)
found = ece([blob for (blob,) in db.execute('SELECT bins FROM calibration')])
assert 0 <= found <= 1, found
";

/// `SCRIBE_PYTHON`, where it has the packages; else says that the blocks are skipped.
pub(crate) fn python(packages: &str) -> Option<OsString> {
    let Some(python) = std::env::var_os("SCRIBE_PYTHON") else {
        eprintln!("skipped: Python blocks (set SCRIBE_PYTHON to a Python with {packages})");
        return None;
    };
    let found = std::process::Command::new(&python).args(["-c", &format!("import {packages}")]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: Python blocks ({} cannot import {packages})", python.display());
        return None;
    }
    Some(python)
}

fn blocks_of_format(writes: bool) -> Vec<Block> {
    let all = blocks(Path::new("FORMAT.md")).into_iter().filter(|block| block.info == "python");
    let chosen: Vec<_> = all.filter(|block| block.text.contains("\"PRED\"") == writes).collect();
    assert!(!chosen.is_empty(), "FORMAT.md's Python blocks");
    chosen
}

/// Leaves `predict.py`, which is FORMAT.md's block that writes predictions.
pub(crate) fn put_prediction(world: &World) {
    if python("numpy, PIL").is_some() {
        let texts: Vec<_> = blocks_of_format(true).into_iter().map(|block| block.text).collect();
        std::fs::write(world.path().join("predict.py"), texts.join("\n")).expect("a new file");
    }
}

/// Runs the blocks that read a store, on the store that README's lines left.
pub(crate) fn read_store(world: &World) {
    let Some(python) = python("numpy, pandas") else { return };
    let texts: Vec<_> = blocks_of_format(false).into_iter().map(|block| block.text).collect();
    let script = format!("{}\n{CALLS}", texts.join("\n"));
    let output = world.command("env").arg(python).args(["-c", &script]).output().expect("Python starts");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "FORMAT.md's Python:\n{complaint}");
}
