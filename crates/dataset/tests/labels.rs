//! Label maps go through files unchanged.

use image::{GrayImage, Luma};
use proptest::prelude::*;
use scribe_dataset::{Classes, palette, read_label, write_label_png};
use std::fs;

#[test]
fn palette_is_written_and_grey_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let labels = GrayImage::from_fn(21, 2, |x, y| Luma([if y == 0 { x as u8 } else { 255 }]));
    let path = dir.path().join("palette.png");
    write_label_png(&path, &labels).unwrap();
    assert_eq!(read_label(&path, &Classes::voc()).unwrap(), labels);
    // Another decoder sees VOC's colours.
    let colours = image::open(&path).unwrap().into_rgb8();
    for (pixel, label) in colours.pixels().zip(labels.pixels()) {
        assert_eq!(pixel.0, palette()[usize::from(label[0])]);
    }
    let grey = dir.path().join("grey.png");
    labels.save(&grey).unwrap();
    assert_eq!(read_label(&grey, &Classes::voc()).unwrap(), labels);
}

#[test]
fn damaged_files_do_not_panic() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.png");
    write_label_png(&path, &GrayImage::from_fn(30, 20, |x, y| Luma([((x * y) % 21) as u8]))).unwrap();
    let whole = fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(3) {
        let mut changed = whole.clone();
        changed[at] ^= 0xff;
        fs::write(&path, &changed).unwrap();
        if let Err(error) = read_label(&path, &Classes::voc()) {
            assert!(error.to_string().contains("a.png"), "{error}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_map_round_trips((width, height) in (1_u32..70, 1_u32..20), seed in 1_u32..1000) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.png");
        let labels = GrayImage::from_fn(width, height, |x, y| {
            let value = (x * 31 + y * 17) * seed % 22;
            Luma([if value == 21 { 255 } else { value as u8 }])
        });
        write_label_png(&path, &labels).unwrap();
        prop_assert_eq!(read_label(&path, &Classes::voc()).unwrap(), labels);
    }
}
