//! Elastic transform: the picture is stretched like rubber.

#[cfg(feature = "image")]
use super::warp_label::warp_nearest;
use crate::kit::gaussian::{Border, Kernel, Rows, Shape, filter};
use crate::kit::pixels::to_unit_f32;
use crate::kit::scratch::{self, Buffer};
use crate::kit::warp::{self, Edge};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};
#[cfg(feature = "image")]
use image::GrayImage;
use scribe_base::simd_fn;

/// Pixels displaced by two smoothed random fields (`elastic_transform` of `imagecorruptions`).
///
/// The fields are uniform in `[-a, a]` with `a = 0.005 H` for both, filtered by a Gaussian of sigma
/// `(0.01 H, 0.01 W)` and multiplied by `alpha`. Draws: HW doubles for the columns, then HW for the rows.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::ElasticTransform};
/// let mut grey = vec![90; 48 * 40 * 3];
/// ElasticTransform.apply_in_place(PictureMut::new(&mut grey, 48, 40)?, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert!(grey.iter().all(|s| (89..=90).contains(s)));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ElasticTransform;

/// 250 times 0.05, 0.065, 0.085, 0.1 and 0.12, each product rounded.
const ALPHA: [f64; 5] = [250.0 * 0.05, 250.0 * 0.065, 250.0 * 0.085, 250.0 * 0.1, 250.0 * 0.12];

static META: Meta = Meta {
    name: "elastic_transform",
    implementation: "reference/1",
    group: Group::Spatial,
    about: "Displaces pixels by smoothed random fields.",
    parameters: |severity| format!("alpha={} sigma=0.01 side amplitude=0.005 height", severity.pick(&ALPHA)),
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for ElasticTransform {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let (across, down) = fields(width, height, severity.pick(&ALPHA), rng);
        let mut source = scratch::zeroed(pixels.len() + 1);
        to_unit_f32(pixels, &mut source);
        warp::bilinear(&source, (width, height), &across, &down, Edge::Mirror, pixels);
    }

    #[cfg(feature = "image")]
    fn warp_label(&self, label: &GrayImage, severity: Severity, rng: &mut Rng) -> Option<GrayImage> {
        let (width, height) = (label.width() as usize, label.height() as usize);
        let (across, down) = fields(width, height, severity.pick(&ALPHA), rng);
        Some(warp_nearest(label, &across, &down, Edge::Mirror))
    }
}

/// The displacements in pixels: to the right, and down.
fn fields(width: usize, height: usize, alpha: f64, rng: &mut Rng) -> (Buffer<f32>, Buffer<f32>) {
    let amplitude = height as f64 * 0.005;
    let sigma = (height as f64 * 0.01, width as f64 * 0.01);
    let across = field((width, height), amplitude, sigma, alpha, rng);
    (across, field((width, height), amplitude, sigma, alpha, rng))
}

/// Uniform noise in `[-amplitude, amplitude)`, filtered by a Gaussian of `sigma` down and along, times `alpha`.
pub(super) fn field(
    (width, height): (usize, usize),
    amplitude: f64,
    sigma: (f64, f64),
    alpha: f64,
    rng: &mut Rng,
) -> Buffer<f32> {
    let (down, along) = (Kernel::new(sigma.0, 3.0), Kernel::new(sigma.1, 3.0));
    let mut noise = scratch::dirty(width * height);
    rng.fill_double(&mut noise);
    spread(&mut noise, -amplitude, amplitude - -amplitude);
    let mut field = Field { noise: &noise, out: scratch::dirty(width * height), width, alpha };
    filter(&mut field, Shape { width, height, channels: 1 }, &down, &along, Border::Reflect);
    field.out
}

/// Noise in, displacements out.
struct Field<'a> {
    noise: &'a [f64],
    out: Buffer<f32>,
    width: usize,
    alpha: f64,
}

impl Rows for Field<'_> {
    fn load(&self, y: usize, row: &mut [f64]) {
        row.copy_from_slice(&self.noise[y * self.width..(y + 1) * self.width]);
    }

    fn store(&mut self, y: usize, row: &[f64]) {
        for (o, v) in self.out[y * self.width..(y + 1) * self.width].iter_mut().zip(row) {
            *o = (v * self.alpha) as f32;
        }
    }
}

simd_fn! {
    fn spread(units: &mut [f64], low: f64, span: f64) {
        for u in units {
            *u = low + span * *u;
        }
    }
}
