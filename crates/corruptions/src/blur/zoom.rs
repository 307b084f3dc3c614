//! Zoom blur: the mean of the picture and its enlargements.

use crate::kit::pixels::{to_unit_f32, unit_to_byte_f32};
use crate::kit::scratch;
use crate::kit::zoom::Zoom;
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};
use scribe_base::simd_fn;

/// The mean of the picture and of its enlargements by 1, 1 + step, ... (`zoom_blur` of ImageNet-C).
///
/// The middle is enlarged linearly, and the upper left of the result is kept, so the picture drifts a little. Single precision, summed
/// in order. Draws nothing.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::ZoomBlur};
/// let mut white = vec![255; 32 * 32 * 3];
/// ZoomBlur.apply_in_place(PictureMut::new(&mut white, 32, 32)?, Severity::new(1)?, &mut Rng::seed(0))?;
/// assert!(white.iter().all(|&s| s >= 254));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ZoomBlur;

/// The step between factors, and how many there are, the factor 1 included: `numpy.arange` in floats runs one past its
/// end at severity 1.
const STEP_COUNT: [(f64, usize); 5] = [(0.01, 12), (0.01, 16), (0.02, 11), (0.02, 13), (0.03, 11)];

/// Rows processed together: one enlargement's weights are then read from the nearest cache eight times.
const BAND: usize = 8;

static META: Meta = Meta {
    name: "zoom_blur",
    implementation: "reference/1",
    group: Group::Blur,
    about: "The mean of the picture and a series of enlargements.",
    parameters: |severity| {
        let (step, count) = severity.pick(&STEP_COUNT);
        format!("step={step} count={count}")
    },
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for ZoomBlur {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, _rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let (step, count) = severity.pick(&STEP_COUNT);
        // numpy forms the series from its second member, which is already rounded.
        let step = (1.0 + step) - 1.0;
        let mut zooms: Vec<Zoom> =
            (1..count).map(|i| Zoom::new(width, height, 1.0 + i as f64 * step)).collect();
        let stride = 3 * width;
        let mut plane: scratch::Buffer<f32> = scratch::zeroed(pixels.len() + 1);
        to_unit_f32(pixels, &mut plane[..pixels.len()]);
        let mut sums: scratch::Buffer<f32> = scratch::dirty(BAND * stride);
        for (band, rows) in pixels.chunks_mut(BAND * stride).enumerate() {
            let own = &plane[band * BAND * stride..][..rows.len()];
            // The first factor is 1, and enlarges nothing.
            let sums = &mut sums[..rows.len()];
            sums.copy_from_slice(own);
            for zoom in &mut zooms {
                for (y, sums) in (band * BAND..).zip(sums.chunks_exact_mut(stride)) {
                    zoom.add_row(&plane, stride, y, sums);
                }
            }
            store(own, sums, count as f32 + 1.0, rows);
        }
    }
}

simd_fn! {
    /// Writes a band of rows: the picture and the sum of its enlargements, divided.
    fn store(own: &[f32], sums: &[f32], divisor: f32, band: &mut [u8]) {
        for ((s, &x), &sum) in band.iter_mut().zip(own).zip(sums) {
            *s = unit_to_byte_f32((x + sum) / divisor);
        }
    }
}
