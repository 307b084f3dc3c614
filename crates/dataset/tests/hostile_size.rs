//! Small files that claim or hide much: refused without the memory that they ask for.
#![cfg(target_os = "linux")]

mod chunks;
mod common;

use chunks::{chunk, png};
use common::{label, small_set, train};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use scribe_dataset::{
    Classes, Error, Limits, Split, read_image, read_label, read_label_with, read_mat_segmentation,
};
use std::fs;
use std::io::Write;
use std::path::Path;

/// What the process may need more at its peak while it looks at one of these files.
const MORE: u64 = 48 << 20;

/// The process's largest size so far, in bytes (`VmHWM`).
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
}

/// So many zeros, packed.
fn packed(mebibytes: usize) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    for _ in 0..mebibytes {
        encoder.write_all(&[0; 1 << 20]).unwrap();
    }
    encoder.finish().unwrap()
}

/// All in one test: the peak is the process's.
#[test]
fn memory_stays_small() {
    let dir = small_set();
    let bomb = packed(256);
    let before = peak();
    let stays_small = |what: &str| {
        let more = peak() - before;
        assert!(more < MORE, "{what}: {} MiB", more >> 20);
    };
    claims_of_labels(dir.path(), &stays_small);
    profiles_and_texts(dir.path(), &bomb, &stays_small);
    label_files(dir.path(), &bomb, &stays_small);
}

fn claims_of_labels(root: &Path, stays_small: &dyn Fn(&str)) {
    let path = label(root, "synth_000000");
    // Grey of 8 bits, 10^6 x 10^6, and ten bytes of pixels.
    fs::write(&path, png(1_000_000, 1_000_000, 8, 0, b"", &[0; 10])).unwrap();
    let error = read_label(&path, &Classes::voc()).unwrap_err();
    assert!(
        matches!(error, Error::TooManyPixels { width: 1_000_000, limit, .. } if limit == 1 << 24),
        "{error}"
    );
    assert!(error.to_string().contains("--max-pixels 1000000000000"), "{error}");
    // Beside its picture the two sizes are compared first.
    let split = train(root).unwrap();
    let error = split.load(&split.ids()[0]).unwrap_err();
    assert!(matches!(error, Error::SizeMismatch { label_size: (1_000_000, 1_000_000), .. }), "{error}");
    // Within a limit that was raised, it is the bytes that do not suffice.
    let error = read_label_with(&path, &Classes::voc(), Limits::of(u64::MAX)).unwrap_err();
    assert!(error.to_string().contains("bytes cannot hold 1000000x1000000 pixels"), "{error}");
    fs::write(&path, png(4096, 4096, 8, 0, b"", &[0; 10])).unwrap();
    assert!(read_label(&path, &Classes::voc()).unwrap_err().to_string().contains("bytes cannot hold"));
    stays_small("label maps that claim much");
    // A whole map of 144 million pixels in 144 kB, which is above both limits, and one of 17 million, which is above that
    // of a small file.
    for side in [12_000, 4097] {
        fs::write(&path, png(side, side, 8, 0, b"", &packed(138))).unwrap();
        let error = read_label(&path, &Classes::voc()).unwrap_err();
        assert!(matches!(error, Error::TooManyPixels { limit, .. } if limit == 1 << 24), "{error}");
        stays_small("a label map that holds much");
    }
    // The same bytes as a picture.
    let error = read_image(&path).unwrap_err();
    assert!(matches!(error, Error::TooManyPixels { width: 4097, limit, .. } if limit == 1 << 24), "{error}");
    assert!(error.to_string().contains("--max-pixels 16785409"), "{error}");
}

fn profiles_and_texts(root: &Path, bomb: &[u8], stays_small: &dyn Fn(&str)) {
    let path = root.join("a.png");
    // One row of one RGB pixel, not filtered.
    let mut row = ZlibEncoder::new(Vec::new(), Compression::best());
    row.write_all(&[0, 1, 2, 3]).unwrap();
    let row = row.finish().unwrap();
    for kind in [b"iCCP", b"zTXt"] {
        let content = [b"name\0\0".as_slice(), bomb].concat();
        fs::write(&path, png(1, 1, 8, 2, &chunk(kind, &content), &row)).unwrap();
        assert_eq!(read_image(&path).unwrap().as_raw(), &[1, 2, 3]);
        stays_small(std::str::from_utf8(kind).unwrap());
    }
}

fn label_files(root: &Path, bomb: &[u8], stays_small: &dyn Fn(&str)) {
    // A compressed array (type 15) of 256 MiB, beside a picture of 60x40.
    let mut mat = vec![b' '; 124];
    mat.extend([0, 1, b'I', b'M']);
    mat.extend(15_u32.to_le_bytes());
    mat.extend((bomb.len() as u32).to_le_bytes());
    mat.extend(bomb);
    let sbd = root.join("sbd");
    for folder in ["img", "cls"] {
        fs::create_dir_all(sbd.join(folder)).unwrap();
    }
    fs::copy(common::picture(root, "synth_000000"), sbd.join("img/a.jpg")).unwrap();
    fs::write(sbd.join("cls/a.mat"), &mat).unwrap();
    fs::write(sbd.join("train_noval.txt"), "a\n").unwrap();
    let set = scribe_dataset::TrainSet::VocPlusSbdNoval;
    let split =
        scribe_dataset::VocSplit::open_train(root, set, scribe_dataset::LabelFolder::Auto, Some(&sbd))
            .unwrap();
    let error = split.load(split.ids().last().unwrap()).unwrap_err().to_string();
    assert!(
        error.contains("a.mat: not a readable MAT-file") && error.contains("too large for its picture"),
        "{error}"
    );
    stays_small("a label file that hides much");
    // Three arrays, none of them too large: together they are.
    let many = [&mat[..128], &other_array(), &other_array(), &other_array()].concat();
    let load = |bytes: &[u8]| {
        fs::write(sbd.join("cls/a.mat"), bytes).unwrap();
        split.load(split.ids().last().unwrap()).unwrap_err().to_string()
    };
    assert!(load(&many[..many.len() / 2]).contains("it is truncated"));
    assert!(load(&many).contains("its arrays are larger than 1125376 bytes"), "{}", load(&many));
    fs::write(sbd.join("cls/a.mat"), &mat).unwrap();
    assert!(read_mat_segmentation(&sbd.join("cls/a.mat"), &Classes::voc()).is_err());
}

/// An array of half a MiB that is not the label map, compressed ("MAT-File Format", MathWorks, chapter 1).
fn other_array() -> Vec<u8> {
    let element = |kind: u32, data: &[u8]| {
        let mut bytes = [kind.to_le_bytes(), (data.len() as u32).to_le_bytes()].concat();
        bytes.extend(data);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    };
    let sizes = [1_u32.to_le_bytes(), (1_u32 << 19).to_le_bytes()].concat();
    let head = [element(6, &[9, 0, 0, 0, 0, 0, 0, 0]), element(5, &sizes), element(1, b"other")].concat();
    let array = element(14, &[head, element(2, &vec![0; 1 << 19])].concat());
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&array).unwrap();
    let packed = packed.finish().unwrap();
    [15_u32.to_le_bytes().to_vec(), (packed.len() as u32).to_le_bytes().to_vec(), packed].concat()
}
