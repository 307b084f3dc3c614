//! The JPEG decoder against Pillow's digests, and against damaged files.
//!
//! `reference/jpeg_files.py` and `reference/jpeg_rare.py` wrote the files and their digests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use scribe_dataset::{Error, Limits, decode_image, read_image, read_image_with};
use sha2::{Digest, Sha256};

fn reference() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference")
}

/// Files of kinds that few programs write.
const RARE: usize = 29;

/// Name (with its folder), width, height and digest of each file.
fn rows() -> Vec<(String, u32, u32, String)> {
    let mut rows = Vec::new();
    for folder in ["jpeg", "jpeg-rare"] {
        let text = fs::read_to_string(reference().join(folder).join("pillow.csv")).unwrap();
        rows.extend(text.lines().map(|line| {
            let cells: Vec<_> = line.split(',').collect();
            let name = format!("{folder}/{}", cells[0]);
            (name, cells[1].parse().unwrap(), cells[2].parse().unwrap(), cells[3].to_owned())
        }));
    }
    rows
}

fn path(name: &str) -> PathBuf {
    reference().join(format!("{name}.jpg"))
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap()
}

fn sha(image: &image::RgbImage) -> String {
    Sha256::digest(image.as_raw()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn decode(bytes: &[u8]) -> Result<image::RgbImage, String> {
    decode_image(bytes, Path::new("a.jpg")).map_err(|e| e.to_string())
}

#[test]
fn every_kind_of_file_equals_pillow() {
    let rows = rows();
    assert_eq!(rows.len(), 58 + RARE);
    for (name, width, height, digest) in rows {
        let image = read_image(&path(&name)).unwrap();
        assert_eq!(image.dimensions(), (width, height), "{name}");
        assert_eq!(sha(&image), digest, "{name}");
    }
}

#[test]
fn this_machines_pillow_decodes_them_alike() {
    let Some(python) = std::env::var_os("SCRIBE_PYTHON") else {
        eprintln!("skipped: SCRIBE_PYTHON names no Python with Pillow");
        return;
    };
    let mut pillow = Command::new(python);
    pillow.arg(reference().join("pillow.py")).arg("files").args(rows().iter().map(|row| path(&row.0)));
    let output = pillow.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 58 + RARE);
    for line in text.lines() {
        let cells: Vec<_> = line.rsplitn(3, ',').collect();
        assert_eq!(sha(&read_image(Path::new(cells[2])).unwrap()), cells[1], "{}", cells[2]);
    }
}

#[test]
fn every_truncation_is_an_error() {
    for (name, ..) in rows() {
        let whole = bytes(&name);
        for length in 2..whole.len() {
            // Formats are told by the first three bytes; two are no picture at all.
            let error = decode(&whole[..length]).unwrap_err();
            assert!(error.contains("a.jpg: not a readable JPEG"), "{name} at {length}: {error}");
        }
    }
}

#[test]
fn a_cut_scan_with_an_end_marker_is_an_error() {
    for name in ["420-37x29", "420-37x29-progressive", "grey", "scan-each", "420-restart-rows"]
        .map(|n| format!("jpeg/{n}"))
    {
        let whole = bytes(&name);
        for cut in [3, 10, 40, 100] {
            let mut short = whole[..whole.len() - 2 - cut].to_vec();
            short.extend([0xff, 0xd9]);
            assert!(decode(&short).is_err(), "{name} less {cut} bytes");
        }
    }
}

#[test]
fn unsupported_kinds_are_named() {
    let base = bytes("jpeg/420-37x29");
    let frame = base.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    let with = |at: usize, value: u8| {
        let mut changed = base.clone();
        changed[frame + at] = value;
        decode(&changed).unwrap_err()
    };
    assert!(with(1, 0xc3).contains("lossless (frame 0xc3)"));
    assert!(with(1, 0xc5).contains("hierarchical (frame 0xc5)"));
    assert!(with(4, 12).contains("12 bits a sample"));
    assert!(with(9, 2).contains("2 components"));
    let mut uneven = base.clone();
    (uneven[frame + 11], uneven[frame + 14]) = (0x31, 0x21);
    assert!(decode(&uneven).unwrap_err().contains("2x1 of 3x1, no whole part"));
}

#[test]
fn claims_of_a_huge_size_are_refused_at_once() {
    let mut huge = bytes("jpeg/420-37x29");
    let frame = huge.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    huge[frame + 5..frame + 9].fill(0xff);
    let error = decode(&huge).unwrap_err();
    assert!(error.contains("a.jpg: its size is 65535x65535, 4294836225 pixels"), "{error}");
    assert!(error.contains("at most 134217728") && error.contains("--max-pixels 4294836225"), "{error}");
    // Within the limit, but more than so few bytes can hold.
    huge[frame + 5..frame + 9].copy_from_slice(&[0x20, 0, 0x40, 0]);
    let error = decode(&huge).unwrap_err();
    assert!(error.contains("bytes cannot hold 16384x8192 pixels"), "{error}");
}

#[test]
fn the_limit_of_pixels_is_the_callers() {
    let file = path("jpeg/420-37x29");
    let allow = |max_pixels| read_image_with(&file, Limits { max_pixels });
    assert!(allow(37 * 29).is_ok());
    let error = allow(37 * 29 - 1).unwrap_err();
    assert!(matches!(error, Error::TooManyPixels { width: 37, height: 29, limit: 1072, .. }), "{error}");
}

#[test]
fn bytes_after_the_end_do_no_harm() {
    let mut longer = bytes("jpeg/420-37x29");
    longer.extend(b"\0\0trailing bytes");
    assert_eq!(decode(&longer), decode(&bytes("jpeg/420-37x29")));
}

#[test]
fn errors_name_the_file() {
    let error = decode_image(&bytes("jpeg/grey")[..200], Path::new("some/where.jpg")).unwrap_err();
    assert!(
        matches!(&error, Error::Decode { path, format: "JPEG", .. } if path == Path::new("some/where.jpg"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Whatever the bytes, the decoder returns: a picture of the size that the header says, or an error.
    #[test]
    fn damaged_files_never_panic(
        file in 0_usize..58 + RARE,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut damaged = bytes(&rows()[file].0);
        for (place, value) in changes {
            let place = place.index(damaged.len());
            damaged[place] = value;
        }
        if let Some(cut) = cut {
            let (from, length) = (cut.index(damaged.len()), damaged.len());
            damaged.drain(from..length.min(from + 7));
        }
        if let Ok(image) = decode(&damaged) {
            prop_assert!(image.width() > 0 && image.height() > 0);
        }
    }
}
