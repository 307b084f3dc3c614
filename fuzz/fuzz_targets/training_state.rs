//! Whatever the bytes, a training's state and its metrics are read or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe_fuzz::{plant, scratch};
use scribe_train::{Checkpoint, read_metrics};
use std::collections::BTreeMap;

fn seeds() -> Vec<Vec<u8>> {
    let folder = scribe_fuzz::folder().join("state");
    std::fs::create_dir_all(&folder).expect("a folder for the state");
    let state =
        Checkpoint { step: 3, digest: "d".to_owned(), model: BTreeMap::new(), optimizer: BTreeMap::new() };
    let state = state.save(&folder).and_then(|path| Ok(std::fs::read(path).expect("it was written")));
    let line = "{\"step\":1,\"epoch\":0,\"loss\":0.5,\"lr_backbone\":0.01,\"lr_head\":0.1,\"miou\":0.25}\n";
    vec![state.expect("a state can be written"), line.repeat(2).into_bytes()]
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    let path = scratch("state-00000003.safetensors", bytes);
    let _ = Checkpoint::read(&path);
    let _ = read_metrics(&path);
});
