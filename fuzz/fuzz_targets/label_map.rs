//! Whatever the bytes, a label map has classes alone or is refused, under classes of values and of colours.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe_dataset::{Classes, Limits, VOID, read_label_bytes, read_label_with};
use scribe_fuzz::{Ihdr, plant, png_file, scratch};
use std::sync::OnceLock;

const MOST: u64 = 1 << 16;

fn classes() -> &'static [Classes] {
    static CLASSES: OnceLock<Vec<Classes>> = OnceLock::new();
    let preset = |name: &str| Classes::preset(name).expect("a preset");
    CLASSES.get_or_init(|| Classes::PRESETS.map(preset).into())
}

fn seeds() -> Vec<Vec<u8>> {
    let kinds = [(1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (1, 3), (2, 3), (4, 3), (8, 3), (8, 6)];
    let of = |(depth, colour): (u8, u8)| {
        let header = Ihdr { size: (5, 3), depth, colour, interlaced: false };
        png_file(header, &[(b"iCCP", b"a\0\0b")], &[0; 120])
    };
    kinds.into_iter().map(of).collect()
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    let path = scratch("label", bytes);
    for classes in classes() {
        if let Ok(map) = read_label_with(&path, classes, Limits::of(MOST)) {
            assert!(u64::from(map.width()) * u64::from(map.height()) <= MOST);
            assert!(map.as_raw().iter().all(|&class| class == VOID || usize::from(class) < classes.len()));
        }
    }
    let _ = read_label_bytes(&path, Limits::of(MOST));
});
