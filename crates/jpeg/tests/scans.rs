//! A progressive picture of very many scans, each of which takes time for every block: refused after 256.

use scribe_jpeg::{Limits, decode};

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

/// A grey picture of one block (T.81, annex G). Two scans bring bit 13 of all coefficients, and the others refine one
/// coefficient after another; each holds one bit, of a table whose only code says that there is nothing.
fn progressive(scans: usize) -> Vec<u8> {
    let table = |class: u8| [&[class << 4, 1], &[0; 15][..], &[0]].concat();
    let mut file = vec![0xff, 0xd8];
    file.extend(segment(0xdb, &[&[0], &[1; 64][..]].concat()));
    file.extend(segment(0xc2, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]));
    file.extend(segment(0xc4, &[table(0), table(1)].concat()));
    let refined = (0..64_u8).flat_map(|at| (0..13_u8).rev().map(move |low| (at, at, low + 1, low)));
    for (first, last, high, low) in [(0, 0, 0, 13), (1, 63, 0, 13)].into_iter().chain(refined).take(scans) {
        file.extend(segment(0xda, &[1, 1, 0, first, last, high << 4 | low]));
        // A zero, and ones up to the end of the byte.
        file.push(0x7f);
    }
    file.extend([0xff, 0xd9]);
    file
}

#[test]
fn scans_are_bounded() {
    let picture = decode(&progressive(256), Limits::default()).unwrap();
    // Every coefficient is 0, which is the middle of the levels.
    assert_eq!(picture.pixels, [128; 3 * 64]);
    let error = decode(&progressive(257), Limits::default()).unwrap_err().to_string();
    assert_eq!(error, "it is damaged: it has more than 256 scans");
}
