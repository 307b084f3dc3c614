//! A progressive picture of very many scans, each of which takes time for every block: refused after 256.

use scribe_jpeg::{Limits, decode};

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

/// A grey picture of one block. The scans bring one coefficient after another from bit 13 down to bit 0 (T.81, annex G);
/// each holds one bit, of a table whose only code says that there is nothing.
fn progressive(scans: usize) -> Vec<u8> {
    let table = |class: u8| [&[class << 4, 1], &[0; 15][..], &[0]].concat();
    let mut file = vec![0xff, 0xd8];
    file.extend(segment(0xdb, &[&[0], &[1; 64][..]].concat()));
    file.extend(segment(0xc2, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]));
    file.extend(segment(0xc4, &[table(0), table(1)].concat()));
    let bits = (0..14_u8).rev();
    let all = (0..64_u8).flat_map(|coefficient| bits.clone().map(move |low| (coefficient, low)));
    for (coefficient, low) in all.take(scans) {
        let high = if low == 13 { 0 } else { low + 1 };
        file.extend(segment(0xda, &[1, 1, 0, coefficient, coefficient, high << 4 | low]));
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
