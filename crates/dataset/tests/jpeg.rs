//! JPEG pictures through this crate: its limits, and errors that name the file. The decoder's own tests are in
//! `crates/jpeg`.

mod common;

use common::{picture, small_set};
use scribe_dataset::{Error, Limits, decode_image, read_image, read_image_with};
use std::fs;
use std::path::Path;

#[test]
fn the_limit_of_pixels_is_the_callers() {
    let dir = small_set();
    let file = picture(dir.path(), "synth_000000");
    let allow = |max_pixels| read_image_with(&file, Limits::of(max_pixels));
    assert_eq!(allow(60 * 40).unwrap(), read_image(&file).unwrap());
    let error = allow(60 * 40 - 1).unwrap_err();
    assert!(matches!(error, Error::TooManyPixels { width: 60, height: 40, limit: 2399, .. }), "{error}");
}

#[test]
fn claims_of_a_huge_size_are_refused_at_once() {
    let dir = small_set();
    let file = picture(dir.path(), "synth_000000");
    let mut huge = fs::read(&file).unwrap();
    let frame = huge.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    huge[frame + 5..frame + 9].fill(0xff);
    let error = decode_image(&huge, Path::new("a.jpg")).unwrap_err().to_string();
    assert!(error.contains("a.jpg: its size is 65535x65535, 4294836225 pixels"), "{error}");
    assert!(error.contains("at most 16777216") && error.contains("--max-pixels 4294836225"), "{error}");
}

#[test]
fn errors_name_the_file() {
    let dir = small_set();
    let bytes = fs::read(picture(dir.path(), "synth_000000")).unwrap();
    let error = decode_image(&bytes[..200], Path::new("some/where.jpg")).unwrap_err();
    assert!(
        matches!(&error, Error::Decode { path, format: "JPEG", .. } if path == Path::new("some/where.jpg"))
    );
}
