//! The snow of the authors' own toolkit, which calls ImageMagick.

use super::snow::{FLAKES, add_snow, cut, describe, shift};
use crate::kit::{magick, scratch, zoom};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};

/// A layer of flakes blurred by ImageMagick 6 over a whitened picture (`snow` of `imagenet_c`), for 224x224.
///
/// Unlike [`super::Snow`] the layer is cut to the picture and truncated to bytes *before* the blur.
/// Draws: HW normal numbers, then one double for the angle.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::MagickSnow};
/// let mut black = vec![0; 224 * 224 * 3];
/// MagickSnow.apply_in_place(PictureMut::new(&mut black, 224, 224)?, Severity::new(3)?, &mut Rng::seed(0))?;
/// assert!(black.iter().all(|&s| s > 0), "even black is whitened");
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MagickSnow;

static META: Meta = Meta {
    name: "snow",
    implementation: "reference-magick/1",
    group: Group::Weather,
    about: "Whitens the picture and adds flakes blurred by ImageMagick's arithmetic.",
    parameters: describe,
    size: SizePolicy::ONLY_224,
    tolerance: Tolerance::EXACT,
};

impl Corruption for MagickSnow {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let flakes = severity.pick(&FLAKES);
        let mut noise = scratch::dirty(width * height);
        rng.fill_gauss(&mut noise);
        shift(&mut noise, flakes.mean, flakes.deviation);
        let (mut layer, w, h) = zoom::whole(&noise, width, height, flakes.zoom);
        cut(&mut layer, flakes.threshold);
        // What is too large is trimmed on both sides.
        let (top, left) = ((h - height) / 2, (w - width) / 2);
        let mut snow = scratch::dirty(width * height);
        for (row, layer) in snow.chunks_exact_mut(width).zip(layer.chunks_exact(w).skip(top)) {
            for (s, &v) in row.iter_mut().zip(&layer[left..]) {
                *s = (v * 255.0) as u8;
            }
        }
        let taps = magick::taps(flakes.radius, flakes.sigma, rng.uniform(-135.0, -45.0));
        magick::motion_blur(&mut snow, (width, height, 1), taps);
        add_snow(pixels, &snow, flakes.mix);
    }
}
