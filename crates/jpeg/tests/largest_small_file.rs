//! The largest picture of four components that a file of less than 1 MiB may hold: its coefficients and its planes are not
//! in memory at once.
#![cfg(target_os = "linux")]

use scribe_jpeg::{Limits, decode};

/// 512 x 512 blocks of 8 x 8 pixels.
const SIDE: u16 = 4096;
const BLOCKS: usize = 512 * 512;

/// The process's largest size so far, in bytes (`VmHWM`).
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

/// A progressive picture of four components (T.81, annex G): one scan of all DC coefficients, then one of the others for each
/// component. Every block of a scan is one bit, of a table whose only code says that there is nothing.
fn cmyk() -> Vec<u8> {
    let table = |class: u8| [&[class << 4, 1], &[0; 15][..], &[0]].concat();
    let mut file = vec![0xff, 0xd8];
    file.extend(segment(0xdb, &[&[0], &[1; 64][..]].concat()));
    let side = SIDE.to_be_bytes();
    let components = [1, 2, 3, 4].map(|id| [id, 0x11, 0]).concat();
    file.extend(segment(0xc2, &[&[8], &side[..], &side, &[4], &components].concat()));
    file.extend(segment(0xc4, &[table(0), table(1)].concat()));
    file.extend(segment(0xda, &[4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 0, 0]));
    file.extend(vec![0; 4 * BLOCKS / 8]);
    for id in 1..=4 {
        file.extend(segment(0xda, &[1, id, 0, 1, 63, 0]));
        file.extend(vec![0; BLOCKS / 8]);
    }
    file.extend([0xff, 0xd9]);
    file
}

#[test]
fn four_components_stay_within_the_promise() {
    let file = cmyk();
    assert!(file.len() < 1 << 20, "{}", file.len());
    let before = peak();
    let picture = decode(&file, Limits { max_pixels: 1 << 24 }).unwrap();
    let more = peak() - before;
    // Each coefficient is 0, so that every sample is 128. Pillow takes inks as inverted: black leaves 128, of which an ink of
    // 255 - 128 = 127 takes 127 * 128 / 255 = 63.7, rounded to 64.
    assert!(picture.pixels.len() == 3 << 24 && picture.pixels.iter().all(|&sample| sample == 64));
    // 2 bytes for each of 4 x 2^24 coefficients are 128 MiB, and the first plane takes 16 before they begin to go.
    // With all planes at once, and the picture of 48 MiB, it was 240.
    assert!(more < 160 << 20, "{} MiB", more >> 20);
}
