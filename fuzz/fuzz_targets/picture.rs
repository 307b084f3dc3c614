//! Whatever the bytes, a picture is read or refused, and so are its head and its EXIF orientation.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe_dataset::{Limits, decode_image_with, exif_orientation, pixel_format};
use scribe_fuzz::{Ihdr, plant, png_file, scratch};
use std::path::Path;

/// Larger pictures are refused, so that no input takes long.
const MOST: u64 = 1 << 16;

fn seeds() -> Vec<Vec<u8>> {
    let kinds = [(1, 0), (8, 0), (16, 0), (8, 2), (16, 2), (4, 3), (8, 4), (8, 6), (16, 6)];
    let of = |(depth, colour): (u8, u8)| {
        let header = Ihdr { size: (5, 3), depth, colour, interlaced: depth == 16 };
        png_file(header, &[(b"tEXt", b"a\0b"), (b"tRNS", &[0, 1])], &[7; 200])
    };
    kinds.into_iter().map(of).collect()
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    if let Ok(picture) = decode_image_with(bytes, Path::new("a.png"), Limits::of(MOST)) {
        assert!(u64::from(picture.width()) * u64::from(picture.height()) <= MOST);
    }
    if let Some(orientation) = exif_orientation(bytes) {
        assert!((1..=8).contains(&orientation));
    }
    let _ = pixel_format(&scratch("picture", bytes));
});
