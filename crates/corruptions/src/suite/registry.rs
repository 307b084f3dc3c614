//! Every corruption of this crate, in the order in which suites hold them.
//!
//! A new corruption is one line in [`any_size`]; both suites, their tests, the recipes and the tables then have it.

use crate::at_224::At224;
use crate::corruptions::*;
use crate::{Corruption, FrostTextures};

/// The fifteen corruptions in the order of the paper's Table 1, which is ImageNet-C's own.
pub const PAPER_ORDER: [&str; 15] = [
    "gaussian_noise",
    "shot_noise",
    "impulse_noise",
    "defocus_blur",
    "glass_blur",
    "motion_blur",
    "zoom_blur",
    "snow",
    "frost",
    "fog",
    "brightness",
    "contrast",
    "elastic_transform",
    "pixelate",
    "jpeg_compression",
];

/// ImageNet-C's four validation corruptions: held by a suite, but no part of
/// [`Suite::conditions`](crate::Suite::conditions).
pub const EXTRAS: [&str; 4] = ["speckle_noise", "gaussian_blur", "spatter", "saturate"];

/// The implementations for pictures of any size.
pub(super) fn any_size() -> Vec<Box<dyn Corruption>> {
    vec![
        Box::new(GaussianNoise),
        Box::new(ShotNoise),
        Box::new(ImpulseNoise),
        Box::new(DefocusBlur),
        Box::new(GlassBlur),
        Box::new(MotionBlur),
        Box::new(ZoomBlur),
        Box::new(Snow),
        Box::new(Frost::new(FrostTextures::procedural())),
        Box::new(Fog),
        Box::new(Brightness),
        Box::new(Contrast),
        Box::new(ElasticTransform),
        Box::new(Pixelate),
        Box::new(JpegCompression),
        Box::new(SpeckleNoise),
        Box::new(GaussianBlur),
        Box::new(Spatter::any_size()),
        Box::new(Saturate),
    ]
}

/// The same for pictures of 224x224, where the authors' toolkit has some of its own.
pub(super) fn only_224() -> Vec<Box<dyn Corruption>> {
    let mut members: Vec<Box<dyn Corruption>> = Vec::new();
    for corruption in any_size() {
        members.push(match corruption.name() {
            "motion_blur" => Box::new(MagickMotionBlur),
            "snow" => Box::new(MagickSnow),
            "frost" => Box::new(Frost::at_224(FrostTextures::procedural())),
            "elastic_transform" => Box::new(AffineElasticTransform),
            "spatter" => Box::new(Spatter::at_224()),
            _ => Box::new(At224::new(corruption)),
        });
    }
    members
}
