//! Training and test views on samples.

mod common;

use common::view;
use image::{GrayImage, Luma, Rgb, RgbImage};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scribe_dataset::{ImageId, Sample, Scale, TestView, TrainView, VOID};

/// A sample of which the picture repeats the label in each channel, but never 0.
fn sample(width: u32, height: u32) -> Sample {
    let value = |x: u32, y: u32| (1 + (x / 8 + y / 8) % 20) as u8;
    Sample {
        id: ImageId::new("a").unwrap(),
        image: RgbImage::from_fn(width, height, |x, y| Rgb([value(x, y); 3])),
        label: GrayImage::from_fn(width, height, |x, y| Luma([value(x, y)])),
    }
}

fn train(view: TrainView, sample: Sample, seed: u64) -> Sample {
    view.apply(sample, &mut ChaCha8Rng::seed_from_u64(seed))
}

#[test]
fn padding_is_black_and_void_at_the_right_and_the_bottom() {
    let view =
        TrainView { scale: Scale::ShortSide { min: 20, max: 20 }, crop: 40, jitter: None, flip: false };
    let made = train(view, sample(60, 40), 1);
    // 60x40 becomes 30x20, so the crop keeps it whole in its upper left corner.
    for (x, y, label) in made.label.enumerate_pixels() {
        let inside = x < 30 && y < 20;
        assert_eq!(label[0] == VOID, !inside, "label at {x}, {y}");
        assert_eq!(made.image.get_pixel(x, y).0 == [0; 3], !inside, "picture at {x}, {y}");
    }
}

#[test]
fn picture_and_label_stay_together() {
    // At the pictures' own size nothing is interpolated, so the picture still repeats the label.
    let view =
        TrainView { scale: Scale::Relative { min: 1.0, max: 1.0 }, crop: 32, jitter: None, flip: true };
    let mut made: Vec<_> = (0..20).map(|seed| train(view, sample(60, 40), seed)).collect();
    for one in &made {
        for (pixel, label) in one.image.pixels().zip(one.label.pixels()) {
            assert_eq!(pixel.0, [label[0]; 3]);
        }
    }
    made.dedup();
    assert!(made.len() > 10, "crops vary with the seed");
}

#[test]
fn flips_half_of_the_images() {
    let view =
        TrainView { scale: Scale::Relative { min: 1.0, max: 1.0 }, crop: 40, jitter: None, flip: true };
    let upright = train(TrainView { flip: false, ..view }, sample(40, 40), 0);
    let flipped = (0..200).filter(|&seed| train(view, sample(40, 40), seed).label != upright.label).count();
    assert!((70..130).contains(&flipped), "{flipped} of 200");
}

#[test]
fn test_views_resize_both() {
    let short = TestView::ShortSide(20).apply(sample(60, 40));
    assert_eq!((short.image.dimensions(), short.label.dimensions()), ((30, 20), (30, 20)));
    let squashed = TestView::Squash(24).apply(sample(60, 40));
    assert_eq!((squashed.image.dimensions(), squashed.label.dimensions()), ((24, 24), (24, 24)));
    assert_eq!(TestView::Native.apply(sample(60, 40)), sample(60, 40));
}

#[test]
fn refuses_empty_ranges() {
    for scale in [
        Scale::ShortSide { min: 0, max: 4 },
        Scale::ShortSide { min: 5, max: 4 },
        Scale::Relative { min: 0.0, max: 1.0 },
        Scale::Relative { min: f64::NAN, max: 1.0 },
    ] {
        assert!(TrainView { scale, ..view() }.check().is_err(), "{scale:?}");
    }
    assert!(TrainView { crop: 0, ..view() }.check().is_err());
    view().check().unwrap();
}

proptest! {
    #[test]
    fn any_picture_gives_the_crops_size(
        (width, height) in (1_u32..90, 1_u32..90),
        (min, more, crop) in (1_u32..60, 0_u32..60, 1_u32..70),
        seed: u64,
    ) {
        let scale = Scale::ShortSide { min, max: min + more };
        let made = train(TrainView { scale, crop, jitter: None, flip: true }, sample(width, height), seed);
        prop_assert_eq!(made.image.dimensions(), (crop, crop));
        prop_assert_eq!(made.label.dimensions(), (crop, crop));
        let padded = made.label.pixels().zip(made.image.pixels()).all(|(l, p)| (l[0] == VOID) == (p.0 == [0; 3]));
        prop_assert!(padded);
    }
}
