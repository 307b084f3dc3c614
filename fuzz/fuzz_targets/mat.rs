//! Whatever the bytes, a label file of SBD has classes alone or is refused.
#![no_main]

use flate2::{Compression, write::ZlibEncoder};
use libfuzzer_sys::fuzz_target;
use scribe_dataset::{Classes, VOID, read_mat_segmentation};
use scribe_fuzz::{plant, scratch};
use std::io::Write;

/// One element: its type, its length and its bytes, filled up to a multiple of eight.
fn element(kind: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = [kind.to_le_bytes(), (data.len() as u32).to_le_bytes()].concat();
    bytes.extend(data);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// An array of this class, size and name ("MAT-File Format", MathWorks, chapter 1).
fn array(class: u32, size: &[u32], name: &[u8], content: &[u8]) -> Vec<u8> {
    let head = [element(6, &words(&[class, 0])), element(5, &words(size)), element(1, name)].concat();
    element(14, &[&head[..], content].concat())
}

/// A file with `GTcls.Segmentation`, 3 rows of 2.
fn seeds() -> Vec<Vec<u8>> {
    let map = array(9, &[3, 2], b"", &element(2, &[0, 1, 2, 20, 0, 0]));
    let fields = [element(5, &words(&[16])), element(1, b"Segmentation\0\0\0\0"), map].concat();
    let whole = array(2, &[1, 1], b"GTcls", &fields);
    let mut header = vec![b' '; 124];
    header.extend(b"\0\x01IM");
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&whole).expect("memory takes every byte");
    let packed = packed.finish().expect("memory takes every byte");
    let compressed = [words(&[15, packed.len() as u32]), packed].concat();
    vec![[&header[..], &whole].concat(), [&header[..], &compressed].concat()]
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    let classes = Classes::voc();
    if let Ok(map) = read_mat_segmentation(&scratch("label.mat", bytes), &classes) {
        assert!(map.as_raw().iter().all(|&class| class == VOID || usize::from(class) < classes.len()));
    }
});
