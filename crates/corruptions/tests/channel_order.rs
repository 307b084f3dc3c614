//! Which corruptions depend on the order of the channels.

mod support;

use image::{Rgb, RgbImage};
use scribe_corruptions::{ChannelOrder, Corruption, Severity, Suite};
use support::formula_image;

/// One picture under one condition, the corruption seeing the channels in this order.
fn seen(order: ChannelOrder, picture: &RgbImage, name: &str, severity: Severity) -> RgbImage {
    let (suite, mut picture) = (Suite::imagecorruptions().in_order(order), picture.clone());
    suite.apply(&mut picture, name, severity, 2020, "a").expect("an accepted picture");
    picture
}

/// The names whose pictures differ by more than so many levels somewhere, at some severity.
fn dependent(picture: &RgbImage, levels: u8) -> Vec<&'static str> {
    let suite = Suite::imagecorruptions();
    let differs = |name: &str| {
        Severity::ALL.iter().any(|severity| {
            let [rgb, bgr] = [ChannelOrder::Rgb, ChannelOrder::Bgr]
                .map(|order| seen(order, picture, name, *severity).into_raw());
            rgb.iter().zip(&bgr).any(|(a, b)| a.abs_diff(*b) > levels)
        })
    };
    suite.all().map(Corruption::name).filter(|name| differs(name)).collect()
}

/// By the reference's code: snow turns to grey with weights for red, green and blue (`cv2.COLOR_RGB2GRAY`), frost adds a
/// coloured photograph, JPEG and spatter know colours; a noise draws its numbers pixel by pixel and channel by channel.
/// Brightness and saturate go through hue, saturation and value, which treat the channels alike but for rounding.
#[test]
fn noises_snow_frost_and_jpeg_of_the_fifteen_depend_on_it() {
    let picture = formula_image(64, 48);
    let found = dependent(&picture, 1);
    let noises = ["gaussian_noise", "shot_noise", "impulse_noise"];
    let expected = [&noises[..], &["snow", "frost", "jpeg_compression", "speckle_noise", "spatter"]].concat();
    assert_eq!(found, expected);
    let rounded: Vec<_> = dependent(&picture, 0).into_iter().filter(|name| !found.contains(name)).collect();
    assert_eq!(rounded, ["brightness", "saturate"]);
}

/// Where all channels are alike, a noise gives blue what it would have given red, which is a noise like it; so only the three
/// others of the fifteen really look different.
#[test]
fn noises_only_exchange_the_draws_of_two_channels() {
    let grey = RgbImage::from_fn(40, 36, |x, y| Rgb([(x * 5 + y) as u8; 3]));
    for name in ["gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise"] {
        let [rgb, bgr] =
            [ChannelOrder::Rgb, ChannelOrder::Bgr].map(|order| seen(order, &grey, name, Severity::ALL[2]));
        assert_ne!(rgb, bgr);
        for (a, b) in rgb.pixels().zip(bgr.pixels()) {
            assert_eq!([a[0], a[1], a[2]], [b[2], b[1], b[0]], "{name}");
        }
    }
}

#[test]
fn names_are_read_and_written_and_others_refused() {
    for (name, order) in ChannelOrder::NAMES.into_iter().zip([ChannelOrder::Rgb, ChannelOrder::Bgr]) {
        assert_eq!((name.parse(), order.to_string()), (Ok(order), name.to_owned()));
    }
    let error = "RGB".parse::<ChannelOrder>().expect_err("a refused name").to_string();
    assert!(error.contains("RGB") && error.contains("rgb or bgr"), "{error}");
}
