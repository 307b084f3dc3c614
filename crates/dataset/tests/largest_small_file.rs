//! The largest pictures and label maps that files of less than 1 MiB may hold: decoding them stays within 256 MiB.
#![cfg(target_os = "linux")]

use flate2::Compression;
use flate2::write::ZlibEncoder;
use scribe_dataset::{Classes, Limits, read_image, read_image_with, read_label};
use std::fs;
use std::io::Write;

/// As many pixels as such a file may have.
const SIDE: u32 = 4096;
/// The longest rows of as many pixels.
const LONGEST: (u32, u32) = (1 << 16, 1 << 8);
const MOST: u64 = 256 << 20;

/// The process's largest size so far, in bytes (`VmHWM`).
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
}

/// A PNG file of zeros: black pixels, or pixels of class 0. Interlaced ones have seven pictures of a part of the rows and
/// columns each (PNG, section 8.2).
fn black((width, height): (u32, u32), depth: u8, colour: u8, channels: usize, interlaced: bool) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], content: &[u8]| {
        let body = [kind.as_slice(), content].concat();
        let mut crc = flate2::Crc::new();
        crc.update(&body);
        [(content.len() as u32).to_be_bytes().to_vec(), body, crc.sum().to_be_bytes().to_vec()].concat()
    };
    let row = |width: u32| vec![0; 1 + (width as usize * channels * usize::from(depth)).div_ceil(8)];
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    // Of each pass: the first column and row, and the steps from one to the next.
    let passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
    let passes = if interlaced { &passes[..] } else { &[(0, 0, 1, 1)] };
    for (x, y, across, down) in passes {
        let columns = (width - x).div_ceil(*across);
        (0..(height - y).div_ceil(*down)).for_each(|_| packed.write_all(&row(columns)).unwrap());
    }
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let header = [&sides[..], &[depth, colour, 0, 0, u8::from(interlaced)]].concat();
    let chunks = [chunk(b"IHDR", &header), chunk(b"IDAT", &packed.finish().unwrap()), chunk(b"IEND", b"")];
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
}

/// All in one test: the peak is the process's.
#[test]
fn memory_is_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.png");
    let before = peak();
    let kinds = [(1, 0, 1), (8, 0, 1), (16, 0, 1), (8, 2, 3), (16, 2, 3), (8, 6, 4), (16, 6, 4)];
    let shapes = [((SIDE, SIDE), false), ((SIDE, SIDE), true), (LONGEST, false), (LONGEST, true)];
    for ((size, interlaced), (depth, colour, channels)) in
        shapes.into_iter().flat_map(|shape| kinds.map(|kind| (shape, kind)))
    {
        fs::write(&path, black(size, depth, colour, channels, interlaced)).unwrap();
        assert!(fs::metadata(&path).unwrap().len() < 1 << 20);
        assert_eq!(read_image(&path).unwrap().dimensions(), size);
        let more = peak() - before;
        eprintln!("{size:?} {interlaced} colour type {colour}, {depth} bits: {} MiB", more >> 20);
        assert!(more < MOST, "a picture of colour type {colour} and {depth} bits: {} MiB", more >> 20);
        // Colours of 16 bits are no labels.
        if colour == 0 || depth == 8 {
            let _ = read_label(&path, &Classes::voc());
            let more = peak() - before;
            assert!(more < MOST, "a label map of colour type {colour} and {depth} bits: {} MiB", more >> 20);
        }
    }
    // One pixel more on each side is refused, unless the limit is given.
    fs::write(&path, black((SIDE + 1, SIDE + 1), 1, 0, 1, false)).unwrap();
    let error = read_image(&path).unwrap_err().to_string();
    assert!(error.contains("4097x4097, 16785409 pixels (expected at most 16777216"), "{error}");
    let given = read_image_with(&path, Limits::of(Limits::DEFAULT_PIXELS)).unwrap();
    assert_eq!(given.dimensions(), (SIDE + 1, SIDE + 1));
    // So is a row of one pixel more, which would take several times its bytes while it is decoded.
    for height in [1, 2] {
        fs::write(&path, black((LONGEST.0 + 1, height), 16, 6, 4, false)).unwrap();
        for error in [read_image(&path).unwrap_err(), read_label(&path, &Classes::voc()).unwrap_err()] {
            let error = error.to_string();
            assert!(error.contains("its rows have 65537 pixels (expected at most 65536"), "{error}");
            assert!(error.contains(&format!("--max-pixels {}", 65_537 * height)), "{error}");
        }
        let given = read_image_with(&path, Limits::of(65_537 * u64::from(height))).unwrap();
        assert_eq!(given.dimensions(), (65_537, height));
    }
}
