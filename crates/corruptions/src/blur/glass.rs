//! Glass blur: pixels take the place of their neighbours.

use super::gaussian_rgb;
use crate::kit::scratch;
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};

/// Gaussian blur, pixels copied at random from within `d`, Gaussian blur again (`glass_blur` of ImageNet-C).
///
/// The reference's code reads like a swap of two pixels. It is a copy: both sides of its assignment are views of
/// one array, so that the second pixel receives what the first was just given.
/// It works in place from the lower right to the upper left, so the order matters.
///
/// Draws: `iterations (H - 2d) (W - 2d)` times two whole numbers in `-d..d`, first across, then down.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::GlassBlur};
/// let mut grey = vec![77; 32 * 32 * 3];
/// GlassBlur.apply_in_place(PictureMut::new(&mut grey, 32, 32)?, Severity::new(1)?, &mut Rng::seed(0))?;
/// assert!(grey.iter().all(|s| (75..=77).contains(s)));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct GlassBlur;

/// Sigma, reach `d`, iterations.
const SIGMA_REACH_TIMES: [(f64, usize, usize); 5] =
    [(0.7, 1, 2), (0.9, 2, 1), (1.0, 2, 3), (1.1, 3, 2), (1.5, 4, 2)];

static META: Meta = Meta {
    name: "glass_blur",
    implementation: "reference/1",
    group: Group::Blur,
    about: "Blurs, copies every pixel from a random near place, and blurs again.",
    parameters: |severity| {
        let (sigma, reach, times) = severity.pick(&SIGMA_REACH_TIMES);
        format!("sigma={sigma} d={reach} iterations={times}")
    },
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for GlassBlur {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let (sigma, reach, times) = severity.pick(&SIGMA_REACH_TIMES);
        gaussian_rgb(pixels, width, height, sigma);
        // One word per pixel: a store and a later load of the same pixel are then of one width.
        let mut words: scratch::Buffer<u32> = scratch::dirty(width * height);
        for (word, p) in words.iter_mut().zip(pixels.as_chunks::<3>().0) {
            *word = u32::from_le_bytes([p[0], p[1], p[2], 0]);
        }
        for _ in 0..times {
            shuffle(&mut words, width, height, reach, rng);
        }
        for (word, p) in words.iter().zip(pixels.as_chunks_mut::<3>().0) {
            let [r, g, b, _] = word.to_le_bytes();
            *p = [r, g, b];
        }
        gaussian_rgb(pixels, width, height, sigma);
    }
}

/// One iteration over the pixels from the lower right to the upper left.
fn shuffle(words: &mut [u32], width: usize, height: usize, reach: usize, rng: &mut Rng) {
    let mask = (2 * reach as u32).next_power_of_two() - 1;
    let mut draws = scratch::dirty(2 * (width - 2 * reach));
    let mut spare = scratch::dirty(draws.len());
    for y in (reach + 1..=height - reach).rev() {
        bounded(rng, 2 * reach as u32, &mut draws, &mut spare);
        // Rows y - reach to y + reach - 1 are all that this row can read.
        let first = (y - reach) * width;
        let rows = &mut words[first..(y + reach) * width];
        let own = reach * width;
        for (x, draw) in (reach + 1..=width - reach).rev().zip(draws.as_chunks::<2>().0) {
            let (across, down) = ((draw[0] & mask) as usize, (draw[1] & mask) as usize);
            // Both draws count from -reach; row 0 of `rows` is y - reach.
            rows[own + x] = rows[down * width + x - reach + across];
        }
    }
}

/// Whole numbers in `0..range`, by masking words and rejecting what is too large; `range <= 8`.
/// For a power of two the caller masks: nothing can be too large.
fn bounded(rng: &mut Rng, range: u32, out: &mut [u32], spare: &mut [u32]) {
    let mask = range.next_power_of_two() - 1;
    if range.is_power_of_two() {
        rng.fill_u32(out);
        return;
    }
    let mut made = 0;
    while made < out.len() {
        // Never more words than numbers still missing, so none is drawn in vain.
        let spare = &mut spare[..out.len() - made];
        rng.fill_u32(spare);
        for word in spare {
            let value = *word & mask;
            // Rejected values are overwritten by the next; the last slot always exists while any is missing.
            out[made] = value;
            made += usize::from(value < range);
            if made == out.len() {
                break;
            }
        }
    }
}
