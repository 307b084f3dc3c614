//! Label maps that move with the elastic transform are what the reference's own code makes of their colours.

use image::{GrayImage, Luma, RgbImage};
use scribe_corruptions::corruptions::{ElasticTransform, ElasticWithMovedLabel};
use scribe_corruptions::{Corruption, Rng, Severity, Suite};
use sha2::{Digest, Sha256};

/// Printed by `tests/reference/moved_label.py` (Python 3.9, imagecorruptions 1.1.2, numpy 1.22.4, scipy 1.9.3,
/// scikit-image 0.18.3): the package's `elastic_transform`, sampling with order 0, of the label map's colours. Width,
/// height, severity, seed, SHA-256 of the RGB bytes, pixels that changed.
const REFERENCE: [(u32, u32, u8, u32, &str, usize); 12] = [
    (224, 224, 1, 7, "16e7c9095ee4bc5e202b0bc0b39935e00d01d3ebf11da718036c796ab717c341", 11675),
    (224, 224, 3, 7, "409304cf8c0d507f9e970647588331e4debc70625430244c3d43bce735f1dcc4", 17664),
    (224, 224, 5, 7, "143247c32b659db7981ecf8b8ccabd27195a5894bbd5d90f219a6a065911c7b5", 22961),
    (101, 203, 1, 7, "cc80263276c7582228e8b9b039db9d9002b7eedd9a1155d453b9bfc6b352ec37", 6274),
    (101, 203, 3, 7, "2a86ea518c1bb72cd2f542e1483d875de942b0c1574dfa3b37b397c637143b90", 9452),
    (101, 203, 5, 7, "597abdf30d078d9003724b4a566a197b5e125bc105789aaa76a497215cf19b65", 12083),
    (500, 375, 1, 7, "14fadf260217da82bef145f4de64beba654ac10ac358983e9f2dabb185ffcea6", 41099),
    (500, 375, 3, 7, "3805e6dab67096e111182934b6d90ec3d316f98ac95af1d1bf5697760812249a", 62392),
    (500, 375, 5, 7, "10fdb4eec6d6d8c704d71b3864401aa127c4d5afc8dd8cd12640d76578f703a1", 80953),
    (32, 32, 1, 7, "49e3ce7692f88980d5bd874b2df8b201ee204ed17b04a2749594179974937792", 272),
    (32, 32, 3, 7, "4c625682962b362e5b3f18a0900e059e13c203e1ef7d2b63e3f9747a69d5e454", 399),
    (32, 32, 5, 7, "0fad9137548fa97e2533d432ac4d21a8d06888f96c8bdd55157d7cbd5e370782", 505),
];

/// The script's `label`.
fn label(width: u32, height: u32) -> GrayImage {
    GrayImage::from_fn(width, height, |x, y| {
        Luma([if (x + 2 * y) % 23 == 0 { 255 } else { ((x / 9 * 5 + y / 7 * 3) % 21) as u8 }])
    })
}

/// VOC's colour of a class: its bits, three by three, fill the channels from the highest bit down.
fn colour(class: u8) -> [u8; 3] {
    let mut colour = [0; 3];
    for bit in 0..8 {
        colour[bit % 3] |= (class >> bit & 1) << (7 - bit / 3);
    }
    colour
}

fn coloured(label: &GrayImage) -> RgbImage {
    RgbImage::from_fn(label.width(), label.height(), |x, y| image::Rgb(colour(label.get_pixel(x, y)[0])))
}

#[test]
fn a_moved_label_has_the_colours_of_the_reference_s_picture_sampled_at_the_nearest_pixel() {
    assert_eq!((colour(15), colour(20), colour(255)), ([192, 128, 128], [0, 64, 128], [224, 224, 192]));
    for (width, height, severity, seed, sha256, changed) in REFERENCE {
        let (label, severity) = (label(width, height), Severity::new(severity).expect("a severity"));
        let moved = ElasticWithMovedLabel.warp_label(&label, severity, &mut Rng::seed(seed));
        let moved = moved.expect("it moves labels");
        let differing = label.pixels().zip(moved.pixels()).filter(|(a, b)| a != b).count();
        assert_eq!(differing, changed, "{width}x{height} {severity}");
        let found: String =
            Sha256::digest(coloured(&moved).as_raw()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, sha256, "{width}x{height} {severity}");
    }
}

#[test]
fn its_pictures_and_seeds_are_those_of_the_elastic_transform() {
    let suite = Suite::imagecorruptions().with(Box::new(ElasticWithMovedLabel)).expect("a new name");
    let (label, image) = (label(64, 40), coloured(&label(64, 40)));
    for severity in Severity::ALL {
        let [mut standard, mut moved] = [image.clone(), image.clone()];
        let seed = suite.apply(&mut standard, "elastic_transform", severity, 2020, "a").expect("a picture");
        let name = "elastic_transform_moved_label";
        assert_eq!(suite.apply(&mut moved, name, severity, 2020, "a"), Ok(seed));
        assert_eq!(standard, moved);
        let of_suite = suite.moved_label(&label, name, severity, 2020, "a").expect("a known name");
        assert_eq!(of_suite, ElasticTransform.warp_label(&label, severity, &mut Rng::seed(seed)));
        let stays = suite.moved_label(&label, "elastic_transform", severity, 2020, "a");
        assert_eq!(stays, Ok(None), "the paper's condition scores against the label that stayed");
    }
    // It is found by its name, and is part of no list of the paper's.
    let names = |words: &[&str]| suite.select(words).expect("words").len();
    assert_eq!((names(&["all"]), names(&["extras"]), names(&["spatial"])), (15, 4, 3));
    assert_eq!(names(&["all", "elastic_transform_moved_label"]), 16);
}
