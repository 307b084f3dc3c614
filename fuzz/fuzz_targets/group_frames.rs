//! Whatever another process of a training sends, its frames are taken or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe_fuzz::plant;
use scribe_train::fuzzing::read_frames;

/// A frame of 24 bytes of header, then its content (crates/train/src/group/frame.rs).
fn frame(what: u32, kind: u32, number: u64, content: &[u8]) -> Vec<u8> {
    let head = [what.to_le_bytes(), kind.to_le_bytes()].concat();
    let rest = [number.to_le_bytes(), (content.len() as u64).to_le_bytes()].concat();
    [&head[..], &rest, content].concat()
}

fn seeds() -> Vec<Vec<u8>> {
    let sums = [frame(1, 1, 0, &[0; 16]), frame(1, 2, 1, &[0; 16]), frame(1, 3, 2, b"{}")].concat();
    vec![sums, frame(2, 1, 0, b"out of memory")]
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    read_frames(bytes);
});
