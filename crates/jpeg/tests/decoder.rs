//! The JPEG decoder against Pillow's digests, and against damaged files.
//!
//! `reference/jpeg_files.py` and `reference/jpeg_rare.py` wrote the files and their digests.

use proptest::prelude::*;
use scribe_base::digest::sha256_hex;
use scribe_jpeg::{Decoded, Error, Limits, decode, decode_portable};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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

fn pixels(bytes: &[u8]) -> Result<Decoded, Error> {
    decode(bytes, Limits::default())
}

#[test]
fn every_kind_of_file_equals_pillow() {
    let rows = rows();
    assert_eq!(rows.len(), 58 + RARE);
    for (name, width, height, digest) in rows {
        let decoded = pixels(&bytes(&name)).unwrap();
        assert_eq!((decoded.width, decoded.height), (width, height), "{name}");
        assert_eq!(sha256_hex(&decoded.pixels), digest, "{name}");
        assert_eq!(decode_portable(&bytes(&name), Limits::default()), Ok(decoded), "{name}");
    }
}

#[test]
fn this_machines_pillow_decodes_them_alike() {
    let Some(python) = std::env::var_os("SCRIBE_PYTHON") else {
        eprintln!("skipped: SCRIBE_PYTHON names no Python with Pillow");
        return;
    };
    let mut pillow = Command::new(python);
    pillow.arg(reference().join("pillow_rgb.py")).args(rows().iter().map(|row| path(&row.0)));
    let output = pillow.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 58 + RARE);
    for line in text.lines() {
        let (file, digest) = line.rsplit_once(',').unwrap();
        assert_eq!(sha256_hex(pixels(&fs::read(file).unwrap()).unwrap().pixels), digest, "{file}");
    }
}

#[test]
fn every_truncation_is_an_error() {
    for (name, ..) in rows() {
        let whole = bytes(&name);
        for length in 2..whole.len() {
            let error = pixels(&whole[..length]).unwrap_err();
            assert!(matches!(error, Error::Truncated(_) | Error::Damaged(_)), "{name} at {length}: {error}");
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
            assert!(pixels(&short).is_err(), "{name} less {cut} bytes");
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
        let error = pixels(&changed).unwrap_err();
        assert!(matches!(error, Error::Unsupported(_)), "{error}");
        error.to_string()
    };
    assert!(with(1, 0xc3).contains("lossless (frame 0xc3)"));
    assert!(with(1, 0xc5).contains("hierarchical (frame 0xc5)"));
    assert!(with(4, 12).contains("12 bits a sample"));
    assert!(with(9, 2).contains("2 components"));
    let mut uneven = base.clone();
    (uneven[frame + 11], uneven[frame + 14]) = (0x31, 0x21);
    assert!(pixels(&uneven).unwrap_err().to_string().contains("2x1 of 3x1, no whole part"));
}

#[test]
fn claims_of_a_huge_size_are_refused_at_once() {
    let mut huge = bytes("jpeg/420-37x29");
    let frame = huge.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    huge[frame + 5..frame + 9].fill(0xff);
    let error = pixels(&huge).unwrap_err();
    assert_eq!(error, Error::TooManyPixels { width: 65_535, height: 65_535, limit: 1 << 27 });
    // Within the limit, but more than so few bytes can hold.
    huge[frame + 5..frame + 9].copy_from_slice(&[0x20, 0, 0x40, 0]);
    let error = pixels(&huge).unwrap_err().to_string();
    assert!(error.contains("bytes cannot hold 16384x8192 pixels"), "{error}");
}

#[test]
fn the_limit_of_pixels_is_the_callers() {
    let file = bytes("jpeg/420-37x29");
    assert!(decode(&file, Limits { max_pixels: 37 * 29 }).is_ok());
    let refused = decode(&file, Limits { max_pixels: 37 * 29 - 1 });
    assert_eq!(refused, Err(Error::TooManyPixels { width: 37, height: 29, limit: 1072 }));
}

#[test]
fn other_formats_are_told_from_damaged_files() {
    assert_eq!(pixels(b"\x89PNG\r\n\x1a\n"), Err(Error::NotJpeg));
    assert_eq!(pixels(b""), Err(Error::NotJpeg));
}

#[test]
fn bytes_after_the_end_do_no_harm() {
    let mut longer = bytes("jpeg/420-37x29");
    longer.extend(b"\0\0trailing bytes");
    assert_eq!(pixels(&longer), pixels(&bytes("jpeg/420-37x29")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Whatever the bytes, the decoder returns a picture or an error, and the portable code returns the same.
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
        let result = pixels(&damaged);
        if let Ok(decoded) = &result {
            prop_assert_eq!(decoded.pixels.len(), 3 * decoded.width as usize * decoded.height as usize);
        }
        prop_assert_eq!(decode_portable(&damaged, Limits::default()), result);
    }
}
