//! Whatever the bytes, the JPEG decoder returns a picture or an error, and its portable code returns the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe_fuzz::plant;
use scribe_jpeg::{Limits, decode, decode_portable};
use std::path::Path;

/// Larger pictures are refused, so that no input takes long.
const LIMITS: Limits = Limits { max_pixels: 1 << 16 };

/// The test files of the decoder.
fn seeds() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/jpeg/tests/reference");
    let folders = ["jpeg", "jpeg-rare"]
        .map(|name| std::fs::read_dir(folder.join(name)).expect("the decoder's test files"));
    let mut paths: Vec<_> =
        folders.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jpg"));
    paths.iter().filter_map(|path| std::fs::read(path).ok()).collect()
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    let result = decode(bytes, LIMITS);
    if let Ok(picture) = &result {
        assert_eq!(picture.pixels.len(), 3 * picture.width as usize * picture.height as usize);
    }
    assert_eq!(result, decode_portable(bytes, LIMITS));
});
