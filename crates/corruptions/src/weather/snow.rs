//! Snow: falling flakes.

use crate::kit::motion::{self, Blur};
use crate::kit::pixels::{by_planes, unit_to_byte};
use crate::kit::{scratch, zoom};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};
use scribe_base::simd_fn;

/// A layer of blurred flakes over a whitened picture (`snow` of `imagecorruptions`).
///
/// Normal noise is enlarged, cut off below a threshold and blurred along a line; the layer is added as it is
/// and once more turned by 180 degrees. Draws: HW normal numbers, then one double for the angle.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::Snow};
/// let mut black = vec![0; 64 * 48 * 3];
/// Snow.apply_in_place(PictureMut::new(&mut black, 64, 48)?, Severity::new(3)?, &mut Rng::seed(0))?;
/// assert!(black.iter().all(|&s| s > 0), "even black is whitened");
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Snow;

/// The constants of one severity.
#[derive(Clone, Copy)]
pub(crate) struct Flakes {
    pub mean: f64,
    pub deviation: f64,
    pub zoom: f64,
    pub threshold: f64,
    pub radius: u32,
    pub sigma: f64,
    pub mix: f64,
}

const fn flakes(mean: f64, zoom: f64, threshold: f64, radius: u32, sigma: f64, mix: f64) -> Flakes {
    Flakes { mean, deviation: 0.3, zoom, threshold, radius, sigma, mix }
}

pub(crate) const FLAKES: [Flakes; 5] = [
    flakes(0.1, 3.0, 0.5, 10, 4.0, 0.8),
    flakes(0.2, 2.0, 0.5, 12, 4.0, 0.7),
    flakes(0.55, 4.0, 0.9, 12, 8.0, 0.7),
    flakes(0.55, 4.5, 0.85, 12, 8.0, 0.65),
    flakes(0.55, 2.5, 0.85, 12, 12.0, 0.55),
];

static META: Meta = Meta {
    name: "snow",
    implementation: "reference/1",
    group: Group::Weather,
    about: "Whitens the picture and adds blurred flakes.",
    parameters: describe,
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for Snow {
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
        drop(noise);
        cut(&mut layer, flakes.threshold);
        let angle = rng.uniform(-135.0, -45.0);
        let taps = motion::taps(flakes.radius, flakes.sigma, angle, w, h);
        let mut blur = Blur::new(&layer, (w, h, 1), taps);
        drop(layer);
        let mut snow: scratch::Buffer<u8> = scratch::dirty(width * height);
        for (y, row) in snow.chunks_exact_mut(width).enumerate() {
            round(&blur.row(y)[..width], row);
        }
        add_snow(pixels, &snow, flakes.mix);
    }
}

/// The constants as text.
pub(crate) fn describe(severity: Severity) -> String {
    let f = severity.pick(&FLAKES);
    format!(
        "mean={} deviation={} zoom={} threshold={} radius={} sigma={} mix={}",
        f.mean, f.deviation, f.zoom, f.threshold, f.radius, f.sigma, f.mix
    )
}

/// Whitens the picture and adds the layer, upright and turned by 180 degrees.
pub(crate) fn add_snow(pixels: &mut [u8], snow: &[u8], mix: f64) {
    let mut turned: scratch::Buffer<u8> = scratch::dirty(snow.len());
    for (t, &s) in turned.iter_mut().zip(snow.iter().rev()) {
        *t = s;
    }
    by_planes(pixels, |first, planes| {
        let here = first..first + planes[0].len();
        add_to_planes(planes, &snow[here.clone()], &turned[here], mix);
    });
}

simd_fn! {
    pub(crate) fn shift(noise: &mut [f64], mean: f64, deviation: f64) {
        for v in noise {
            *v = mean + deviation * *v;
        }
    }
}

simd_fn! {
    pub(crate) fn cut(layer: &mut [f64], threshold: f64) {
        for v in layer {
            let kept = if *v < threshold { 0.0 } else { *v };
            *v = if kept < 1.0 { kept } else { 1.0 };
        }
    }
}

simd_fn! {
    fn round(row: &[f64], out: &mut [u8]) {
        for (o, &v) in out.iter_mut().zip(row) {
            // Adding 2^52 leaves no room for a fraction: half to even, as numpy rounds.
            *o = ((v * 255.0 + 4_503_599_627_370_496.0).to_bits() & 0xff) as u8;
        }
    }
}

simd_fn! {
    fn add_to_planes(planes: [&mut [u8]; 3], upright: &[u8], turned: &[u8], mix: f64) {
        // numpy keeps single-precision arrays in single precision when it meets a plain number.
        let (own, white) = (mix as f32, (1.0 - mix) as f32);
        let n = upright.len();
        let turned = &turned[..n];
        let [red, green, blue] = planes.map(|p| &mut p[..n]);
        for i in 0..n {
            let (r, g, b) = (unit(red[i]), unit(green[i]), unit(blue[i]));
            let bright = (0.299 * r + 0.587 * g + 0.114 * b) * 1.5 + 0.5;
            let (up, down) = (f64::from(upright[i]) / 255.0, f64::from(turned[i]) / 255.0);
            let lit = |x: f32| {
                let whitened = own * x + white * if x > bright { x } else { bright };
                unit_to_byte(f64::from(whitened) + up + down)
            };
            (red[i], green[i], blue[i]) = (lit(r), lit(g), lit(b));
        }
    }
}

#[inline(always)]
fn unit(byte: u8) -> f32 {
    f32::from(byte) / 255.0
}
