//! A progressive picture of very many scans, each of which takes time for every block: refused after 256.

use scribe_jpeg::{Limits, decode};

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

/// A grey picture of one block (T.81, annex G). Bit after bit comes for each of 17 coefficients, all bits at once for each
/// of the next `single` ones, and one scan brings the others; each scan holds one bit, of a table whose only code says that
/// there is nothing.
fn progressive(single: u8) -> Vec<u8> {
    let table = |class: u8| [&[class << 4, 1], &[0; 15][..], &[0]].concat();
    let mut file = vec![0xff, 0xd8];
    file.extend(segment(0xdb, &[&[0], &[1; 64][..]].concat()));
    file.extend(segment(0xc2, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]));
    file.extend(segment(0xc4, &[table(0), table(1)].concat()));
    let high = |low: u8| if low == 13 { 0 } else { low + 1 };
    let bits = (0..17).flat_map(|at| (0..14).rev().map(move |low| (at, at, high(low), low)));
    let singles = (17..17 + single).map(|at| (at, at, 0, 0));
    for (first, last, high, low) in bits.chain(singles).chain([(17 + single, 63, 0, 0)]) {
        file.extend(segment(0xda, &[1, 1, 0, first, last, high << 4 | low]));
        // A zero, and ones up to the end of the byte.
        file.push(0x7f);
    }
    file.extend([0xff, 0xd9]);
    file
}

#[test]
fn scans_are_bounded() {
    // 17 x 14 + 17 + 1 = 256 scans, and one more.
    let picture = decode(&progressive(17), Limits::default()).unwrap();
    // Every coefficient is 0, which is the middle of the levels.
    assert_eq!(picture.pixels, [128; 3 * 64]);
    let error = decode(&progressive(18), Limits::default()).unwrap_err().to_string();
    assert_eq!(error, "it is damaged: it has more than 256 scans");
}
