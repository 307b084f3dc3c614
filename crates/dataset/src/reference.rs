//! Pillow's results on formula pictures (`tests/reference/pillow.py formula`), for this crate's unit tests.

use image::{GrayImage, Luma, Rgb, RgbImage};
use scribe_base::digest::sha256_hex;

/// The arguments and digests of one kind of row.
pub(crate) fn rows(what: &str) -> Vec<(&'static str, &'static str)> {
    let table = include_str!("../tests/reference/pillow.csv");
    let rows: Vec<_> = table
        .lines()
        .filter_map(|line| line.strip_prefix(what)?.strip_prefix(',')?.rsplit_once(','))
        .collect();
    assert!(!rows.is_empty(), "the table has no rows {what}");
    rows
}

/// The SHA-256 of some bytes, in hexadecimal.
pub(crate) fn sha(bytes: &[u8]) -> String {
    sha256_hex(bytes)
}

/// The script's `picture`.
pub(crate) fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb([0, 1, 2].map(|c| match (x / 16 + y / 16) % 3 {
            0 => (x * 7 + y * 13 + c * 29 + x * y * (c + 1)) as u8,
            1 => (x * (c + 1) + y * (3 - c)) as u8,
            _ => (y * 5) as u8,
        }))
    })
}

/// The script's `labels`.
pub(crate) fn labels(width: u32, height: u32) -> GrayImage {
    GrayImage::from_fn(width, height, |x, y| Luma([((x * 7 + y * 13 + x * y) % 21) as u8]))
}
