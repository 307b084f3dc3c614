//! Spatter: water or mud on the lens, one of ImageNet-C's four validation corruptions.

use super::snow::shift;
use crate::kit::gaussian::{Border, Kernel, Rows, Shape, filter};
use crate::kit::pixels::{unit_to_byte, unit_to_byte_f32};
use crate::kit::scratch::{self, Buffer};
use crate::kit::{canny, morphology};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};

/// Splashes of water (severities 1 to 3) or of mud (4 and 5) (`spatter` of ImageNet-C).
///
/// Smoothed normal noise is cut off below a threshold. Water is drawn from the distance to the edges of what is
/// left, by way of OpenCV's Canny, distance transform, histogram equalisation and 3x3 filters; mud is the
/// smoothed mask. Draws: HW normal numbers.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::Spatter};
/// let mut grey = vec![90; 64 * 64 * 3];
/// Spatter::any_size().apply_in_place(PictureMut::new(&mut grey, 64, 64)?, Severity::new(1)?, &mut Rng::seed(0))?;
/// assert!(grey.iter().any(|&s| s > 90));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Spatter {
    /// The authors' toolkit mixes mud in single precision, and takes 224x224 only.
    single: bool,
}

#[derive(Clone, Copy)]
struct Splash {
    mean: f64,
    deviation: f64,
    sigma: f64,
    threshold: f64,
    strength: f64,
    mud: bool,
}

const fn splash(mean: f64, deviation: f64, sigma: f64, threshold: f64, strength: f64, mud: bool) -> Splash {
    Splash { mean, deviation, sigma, threshold, strength, mud }
}

const SPLASHES: [Splash; 5] = [
    splash(0.65, 0.3, 4.0, 0.69, 0.6, false),
    splash(0.65, 0.3, 3.0, 0.68, 0.6, false),
    splash(0.65, 0.3, 2.0, 0.68, 0.5, false),
    splash(0.65, 0.3, 1.0, 0.65, 1.5, true),
    splash(0.67, 0.4, 1.0, 0.65, 1.5, true),
];

impl Spatter {
    /// Spatter as `imagecorruptions` applies it.
    #[must_use]
    pub fn any_size() -> Spatter {
        Spatter { single: false }
    }

    /// Spatter as the authors' toolkit applies it, for 224x224 only.
    #[must_use]
    pub fn at_224() -> Spatter {
        Spatter { single: true }
    }
}

static META: Meta = Meta {
    name: "spatter",
    implementation: "reference/1",
    group: Group::Weather,
    about: "Splashes of water, or of mud.",
    parameters: |severity| {
        let s = severity.pick(&SPLASHES);
        format!(
            "mean={} deviation={} sigma={} threshold={} strength={} mud={}",
            s.mean, s.deviation, s.sigma, s.threshold, s.strength, s.mud
        )
    },
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

static META_224: Meta = Meta { implementation: "reference-single/1", size: SizePolicy::ONLY_224, ..META };

impl Corruption for Spatter {
    fn meta(&self) -> &Meta {
        if self.single { &META_224 } else { &META }
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let splash = severity.pick(&SPLASHES);
        let mut layer = scratch::dirty(width * height);
        rng.fill_gauss(&mut layer);
        shift(&mut layer, splash.mean, splash.deviation);
        let size = (width, height);
        smooth(&mut layer, size, splash.sigma, false);
        if splash.mud {
            let mask = mud(&mut layer, size, splash);
            blend_mud(pixels, &mask, self.single);
        } else {
            add_water(pixels, &water(&layer, size, splash));
        }
    }
}

/// A plane filtered in place; `single` rounds to single precision after each pass.
struct Plane<'a> {
    samples: &'a mut [f64],
    width: usize,
    single: bool,
}

impl Rows for Plane<'_> {
    fn load(&self, y: usize, row: &mut [f64]) {
        row.copy_from_slice(&self.samples[y * self.width..(y + 1) * self.width]);
    }

    fn between(&self, row: &mut [f64]) {
        if self.single {
            row.iter_mut().for_each(|v| *v = f64::from(*v as f32));
        }
    }

    fn store(&mut self, y: usize, row: &[f64]) {
        let single = self.single;
        for (s, &v) in self.samples[y * self.width..(y + 1) * self.width].iter_mut().zip(row) {
            *s = if single { f64::from(v as f32) } else { v };
        }
    }
}

fn smooth(samples: &mut [f64], (width, height): (usize, usize), sigma: f64, single: bool) {
    let kernel = Kernel::new(sigma, 4.0);
    let shape = Shape { width, height, channels: 1 };
    filter(&mut Plane { samples, width, single }, shape, &kernel, &kernel, Border::Nearest);
}

/// How much water is on each pixel.
fn water(layer: &[f64], size: (usize, usize), splash: Splash) -> Buffer<f32> {
    let mut liquid: Buffer<u8> = scratch::dirty(layer.len());
    for (l, &v) in liquid.iter_mut().zip(layer) {
        *l = if v < splash.threshold { 0 } else { (v * 255.0) as u8 };
    }
    let edges = canny::edges(&liquid, size, 50, 150);
    let distance = morphology::box_f32(&morphology::distance(&edges, size, 20.0), size);
    let mut bytes: Buffer<u8> = scratch::dirty(layer.len());
    for (b, &d) in bytes.iter_mut().zip(distance.iter()) {
        *b = d as u8;
    }
    morphology::equalise(&mut bytes);
    let relief = morphology::filter_u8(&bytes, size, [-2, -1, 0, -1, 1, 1, 0, 1, 2]);
    let relief = morphology::box_u8(&relief, size);
    let mut amount: Buffer<f32> = scratch::dirty(layer.len());
    for ((a, &l), &r) in amount.iter_mut().zip(liquid.iter()).zip(relief.iter()) {
        *a = f32::from(l) * f32::from(r);
    }
    let most = amount.iter().copied().fold(0.0, f32::max);
    for a in amount.iter_mut() {
        *a = *a / most * splash.strength as f32;
    }
    amount
}

/// Adds pale turquoise in single precision.
fn add_water(pixels: &mut [u8], amount: &[f32]) {
    let colour = [175.0, 238.0, 238.0].map(|c: f64| (c / 255.0) as f32);
    for (pixel, &a) in pixels.as_chunks_mut::<3>().0.iter_mut().zip(amount) {
        for (s, c) in pixel.iter_mut().zip(colour) {
            *s = unit_to_byte_f32(f32::from(*s) / 255.0 + a * c);
        }
    }
}

/// The mask of mud, single-precision values.
fn mud(layer: &mut [f64], size: (usize, usize), splash: Splash) -> Buffer<f32> {
    for v in layer.iter_mut() {
        *v = if *v > splash.threshold { 1.0 } else { 0.0 };
    }
    smooth(layer, size, splash.strength, true);
    let mut mask = scratch::dirty(layer.len());
    for (m, &v) in mask.iter_mut().zip(layer.iter()) {
        let v = v as f32;
        *m = if v < 0.8 { 0.0 } else { v };
    }
    mask
}

/// Blends brown in, by the share that the mask gives.
fn blend_mud(pixels: &mut [u8], mask: &[f32], single: bool) {
    let colour = [63.0, 42.0, 20.0].map(|c: f64| c / 255.0);
    for (pixel, &m) in pixels.as_chunks_mut::<3>().0.iter_mut().zip(mask) {
        for (s, c) in pixel.iter_mut().zip(colour) {
            let kept = f32::from(*s) / 255.0 * (1.0 - m);
            *s = if single {
                unit_to_byte_f32(kept + c as f32 * m)
            } else {
                unit_to_byte(f64::from(kept) + c * f64::from(m))
            };
        }
    }
}
