//! The elastic transform of the authors' own toolkit: an affine map, then displacements.

use super::elastic::field;
use crate::kit::warp::{self, Edge};
use crate::kit::{affine, scratch};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};

/// A random affine map, then pixels displaced by two smoothed random fields (`elastic_transform` of
/// `imagenet_c`), for 224x224.
///
/// The constants are multiples of 244, for which the authors' comment says 224 was meant; severities 1 and 2 are
/// large smooth warps, 3 to 5 fine ripples. The edge is treated as scipy did before 1.6, the only scipy
/// that the toolkit's authors can have used.
///
/// Draws: six doubles for the map, HW for the columns, HW for the rows.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::AffineElasticTransform};
/// let mut grey = vec![90; 224 * 224 * 3];
/// AffineElasticTransform.apply_in_place(PictureMut::new(&mut grey, 224, 224)?, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert!(grey.iter().all(|s| (89..=90).contains(s)));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AffineElasticTransform;

/// Alpha, sigma and reach of the affine map, each a multiple of 244.
const ALPHA_SIGMA_REACH: [(f64, f64, f64); 5] = [
    (244.0 * 2.0, 244.0 * 0.7, 244.0 * 0.1),
    (244.0 * 2.0, 244.0 * 0.08, 244.0 * 0.2),
    (244.0 * 0.05, 244.0 * 0.01, 244.0 * 0.02),
    (244.0 * 0.07, 244.0 * 0.01, 244.0 * 0.02),
    (244.0 * 0.12, 244.0 * 0.01, 244.0 * 0.02),
];

static META: Meta = Meta {
    name: "elastic_transform",
    implementation: "reference-affine/1",
    group: Group::Spatial,
    about: "A random affine map, then pixels displaced by smoothed random fields.",
    parameters: |severity| {
        let (alpha, sigma, reach) = severity.pick(&ALPHA_SIGMA_REACH);
        format!("alpha={alpha} sigma={sigma} affine={reach}")
    },
    size: SizePolicy::ONLY_224,
    tolerance: Tolerance::EXACT,
};

impl Corruption for AffineElasticTransform {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let (alpha, sigma, reach) = severity.pick(&ALPHA_SIGMA_REACH);
        let corners = [[186.0_f32, 186.0], [186.0, 38.0], [38.0, 38.0]];
        let moved = corners.map(|p| p.map(|v| v + rng.uniform(-reach, reach) as f32));
        // The fields first: their noise is gone before the picture in single precision is made.
        let across = field((width, height), 1.0, (sigma, sigma), alpha, rng);
        let down = field((width, height), 1.0, (sigma, sigma), alpha, rng);
        let mut turned = scratch::zeroed(pixels.len() + 1);
        affine::warp(pixels, (width, height), affine::from_points(corners, moved), &mut turned);
        warp::bilinear(&turned, (width, height), &across, &down, Edge::Before16, pixels);
    }
}
