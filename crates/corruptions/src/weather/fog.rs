//! Fog: added from a fractal height map.

use crate::kit::pixels::unit_to_byte;
use crate::kit::{plasma, scratch};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};
use scribe_base::simd_fn;

/// `clip((x + c m) * max / (max + c))` with a plasma `m` in `0..=1` and the picture's largest sample `max`
/// (`fog` of ImageNet-C).
///
/// The map is a square whose side `N` is the next power of two; two pictures whose `N` differ get fog of another
/// grain. An all-black picture stays black. Long strips are refused ([`SizePolicy::InSquare`]).
///
/// Draws: `N N - 1` doubles.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::Fog};
/// let mut picture = vec![40; 64 * 48 * 3];
/// picture[0] = 255;
/// Fog.apply_in_place(PictureMut::new(&mut picture, 64, 48)?, Severity::new(1)?, &mut Rng::seed(0))?;
/// assert!(picture[3..].iter().any(|&s| s > 40));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Fog;

const STRENGTH_DECAY: [(f64, f64); 5] = [(1.5, 2.0), (2.0, 2.0), (2.5, 1.7), (2.5, 1.5), (3.0, 1.4)];

static META: Meta = Meta {
    name: "fog",
    implementation: "reference/1",
    group: Group::Weather,
    about: "Adds a diamond-square height map and scales back to the old maximum.",
    parameters: |severity| {
        let (strength, decay) = severity.pick(&STRENGTH_DECAY);
        format!("strength={strength} decay={decay}")
    },
    size: SizePolicy::InSquare(32),
    tolerance: Tolerance::EXACT,
};

impl Corruption for Fog {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let (strength, decay) = severity.pick(&STRENGTH_DECAY);
        let mut map = scratch::dirty(width * height);
        plasma::fractal(&mut map, (width, height), decay, rng);
        let largest = f64::from(pixels.iter().copied().max().unwrap_or(0)) / 255.0;
        for (row, fog) in pixels.chunks_exact_mut(3 * width).zip(map.chunks_exact(width)) {
            add_fog(row, fog, strength, largest);
        }
    }
}

simd_fn! {
    fn add_fog(row: &mut [u8], fog: &[f64], strength: f64, largest: f64) {
        let whole = largest + strength;
        for (pixel, &m) in row.as_chunks_mut::<3>().0.iter_mut().zip(fog) {
            let added = strength * m;
            for s in pixel {
                *s = unit_to_byte((f64::from(*s) / 255.0 + added) * largest / whole);
            }
        }
    }
}
