//! The largest pictures and label maps that files of less than 1 MiB may hold: decoding them stays within 256 MiB.
#![cfg(target_os = "linux")]

use flate2::Compression;
use flate2::write::ZlibEncoder;
use scribe_dataset::{Classes, Limits, read_image, read_image_with, read_label};
use std::fs;
use std::io::Write;

/// As many pixels as such a file may have.
const SIDE: u32 = 4096;
const MOST: u64 = 256 << 20;

/// The process's largest size so far, in bytes (`VmHWM`).
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
}

/// A PNG file of zeros: black pixels, or pixels of class 0.
fn black(side: u32, depth: u8, colour: u8, channels: usize) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], content: &[u8]| {
        let body = [kind.as_slice(), content].concat();
        let mut crc = flate2::Crc::new();
        crc.update(&body);
        [(content.len() as u32).to_be_bytes().to_vec(), body, crc.sum().to_be_bytes().to_vec()].concat()
    };
    let row = vec![0; 1 + (side as usize * channels * usize::from(depth)).div_ceil(8)];
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    (0..side).for_each(|_| packed.write_all(&row).unwrap());
    let sides = [side.to_be_bytes(), side.to_be_bytes()].concat();
    let header = [&sides[..], &[depth, colour, 0, 0, 0]].concat();
    let chunks = [chunk(b"IHDR", &header), chunk(b"IDAT", &packed.finish().unwrap()), chunk(b"IEND", b"")];
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
}

/// All in one test: the peak is the process's.
#[test]
fn memory_is_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.png");
    let before = peak();
    for (depth, colour, channels) in
        [(1, 0, 1), (8, 0, 1), (16, 0, 1), (8, 2, 3), (16, 2, 3), (8, 6, 4), (16, 6, 4)]
    {
        fs::write(&path, black(SIDE, depth, colour, channels)).unwrap();
        assert!(fs::metadata(&path).unwrap().len() < 1 << 20);
        assert_eq!(read_image(&path).unwrap().dimensions(), (SIDE, SIDE));
        let more = peak() - before;
        assert!(more < MOST, "a picture of colour type {colour} and {depth} bits: {} MiB", more >> 20);
        // Colours of 16 bits are no labels.
        if colour == 0 || depth == 8 {
            let _ = read_label(&path, &Classes::voc());
            let more = peak() - before;
            assert!(more < MOST, "a label map of colour type {colour} and {depth} bits: {} MiB", more >> 20);
        }
    }
    // One pixel more on each side is refused, unless the limit is given.
    fs::write(&path, black(SIDE + 1, 1, 0, 1)).unwrap();
    let error = read_image(&path).unwrap_err().to_string();
    assert!(error.contains("4097x4097, 16785409 pixels (expected at most 16777216"), "{error}");
    let given = read_image_with(&path, Limits::of(Limits::DEFAULT_PIXELS)).unwrap();
    assert_eq!(given.dimensions(), (SIDE + 1, SIDE + 1));
}
