//! Buffers, layouts and the conversions of the crate `image`.

mod support;

use image::{GrayImage, Luma, RgbImage};
use scribe_corruptions::{
    Corruption, Error, Picture, PictureMut, Rng, Severity, Suite, corruptions::ElasticTransform,
};
use support::formula_image;

#[test]
fn a_buffer_of_another_length_is_refused() {
    let mut bytes = vec![0; 3 * 40 * 30];
    assert!(PictureMut::new(&mut bytes, 40, 30).is_ok());
    let error = PictureMut::new(&mut bytes[1..], 40, 30).expect_err("a byte is missing");
    assert_eq!(error.to_string(), "a buffer of 3599 bytes, expected 3600 for 40x30 pixels of 3 bytes");
    assert!(matches!(Picture::new(bytes, usize::MAX, 30), Err(Error::Buffer { .. })));
    let error = Picture::from_grey(&[0; 5], 2, 2).expect_err("a byte too many");
    assert_eq!(error.to_string(), "a buffer of 5 bytes, expected 4 for 2x2 pixels of 1 bytes");
}

#[test]
fn rows_that_do_not_fit_are_refused() {
    let picture = |len, pitch| Picture::from_rows(&vec![7; len], pitch, 2, 3);
    // Two pitches of 8 and one row of 6; the last row needs no padding.
    assert_eq!(picture(22, 8).expect("three rows").bytes(), [7; 18]);
    for (len, pitch) in [(21, 8), (100, 5), (0, 0)] {
        assert!(matches!(picture(len, pitch), Err(Error::Rows { .. })), "{len} {pitch}");
    }
    assert!(Picture::from_pixel(2, 3, [1; 3]).write_rows(&mut [0; 21], 8).is_err());
    assert_eq!(Picture::from_rows(&[], 0, 0, 0).expect("no row").bytes(), [0; 0]);
}

#[test]
fn layouts_are_corrupted_as_the_picture_that_they_hold() {
    let suite = Suite::imagecorruptions();
    let apply = |picture: &mut Picture| {
        suite.apply(picture, "gaussian_noise", Severity::ALL[2], 1, "a").expect("an accepted size")
    };
    let mut plain = Picture::from(formula_image(40, 33));
    let (bgr, mut rows) = (plain.clone().into_bgr(), vec![9; 128 * 33]);
    plain.write_rows(&mut rows, 128).expect("rows of 120 bytes");
    let mut from_bgr = Picture::from_bgr(bgr, 40, 33).expect("the same size");
    let mut from_rows = Picture::from_rows(&rows, 128, 40, 33).expect("the same size");
    let seeds = [&mut plain, &mut from_bgr, &mut from_rows].map(apply);
    assert_eq!(seeds, [seeds[0]; 3]);
    assert_eq!(plain, from_bgr);
    assert_eq!(plain, from_rows);
    assert!(rows[120..128].iter().all(|&byte| byte == 9), "padding is left alone");
}

#[test]
fn images_are_taken_and_given_back() {
    let image = formula_image(36, 32);
    let picture = Picture::from(image.clone());
    assert_eq!((picture.width(), picture.height()), (36, 32));
    assert_eq!(picture.pixel(35, 7), image.get_pixel(35, 7).0);
    assert_eq!(RgbImage::from(picture), image);
    // A container may be longer than its picture.
    let long = RgbImage::from_raw(2, 1, vec![5; 10]).expect("more than enough");
    assert_eq!(Picture::from(long.clone()).bytes(), [5; 6]);
    let mut long = long;
    assert_eq!(PictureMut::from(&mut long).into_bytes().len(), 6);
}

/// Where the picture is black or white after the transform, its label map has the same class.
#[test]
fn labels_move_with_the_elastic_transform() {
    let disk = |x: u32, y: u32| (x.abs_diff(40).pow(2) + y.abs_diff(30).pow(2) < 400) as u8;
    let image = RgbImage::from_fn(80, 60, |x, y| image::Rgb([255 * disk(x, y); 3]));
    let label = GrayImage::from_fn(80, 60, |x, y| Luma([disk(x, y)]));
    let severity = Severity::ALL[4];
    let moved = ElasticTransform.apply(&image, severity, &mut Rng::seed(3)).expect("an accepted size");
    let labels = ElasticTransform.warp_label(&label, severity, &mut Rng::seed(3)).expect("it moves labels");
    assert_ne!(labels, label);
    let mut decided = 0;
    for (pixel, class) in moved.pixels().zip(labels.pixels()) {
        if let value @ (0 | 255) = pixel[0] {
            assert_eq!(class[0], value / 255);
            decided += 1;
        }
    }
    assert!(decided > 3500, "{decided}");
    let fog = Suite::imagecorruptions();
    let fog = fog.get("fog").expect("fog").warp_label(&label, severity, &mut Rng::seed(3));
    assert_eq!(fog, None);
}

#[test]
fn a_picture_larger_than_memory_is_refused_in_words() {
    // 2^63 * 2 wraps around to 0, a third of 2^64 times 3 to 2, and 2^62 * 3 exceeds what a slice may hold.
    for (width, height) in [(1 << 63, 2), (usize::MAX / 3 + 1, 1), (1 << 31, 1 << 31)] {
        let made = [
            std::panic::catch_unwind(|| Picture::from_pixel(width, height, [0; 3])),
            std::panic::catch_unwind(|| Picture::from_fn(width, height, |_, _| [0; 3])),
        ];
        for refused in made {
            let message = refused.expect_err("too large").downcast::<String>().expect("a message");
            let expected = format!("a picture of {width}x{height} pixels is more than memory can address");
            assert_eq!(*message, expected);
        }
    }
}
