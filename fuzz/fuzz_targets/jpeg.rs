//! Whatever the bytes, the JPEG decoder returns a picture or an error, and its portable code returns the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe_jpeg::{Limits, decode, decode_portable};

/// Larger pictures are refused, so that no input takes long.
const LIMITS: Limits = Limits { max_pixels: 1 << 16 };

fuzz_target!(|bytes: &[u8]| {
    let result = decode(bytes, LIMITS);
    if let Ok(picture) = &result {
        assert_eq!(picture.pixels.len(), 3 * picture.width as usize * picture.height as usize);
    }
    assert_eq!(result, decode_portable(bytes, LIMITS));
});
