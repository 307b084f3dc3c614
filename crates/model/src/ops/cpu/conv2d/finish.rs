//! What is done with finished sums while they are in the cache.

use crate::ops::cpu::level::vectorised;
use crate::ops::cpu::product::PANEL;
use crate::ops::cpu::real::Real;

/// `relu(scale[c] * sum + shift[c] + added)`, each part where it is given.
#[derive(Clone, Copy, Debug)]
pub(in crate::ops::cpu) struct Finish<'a, T> {
    /// Scale and shift of each channel.
    pub(in crate::ops::cpu) affine: Option<(&'a [T], &'a [T])>,
    /// As large as the result.
    pub(in crate::ops::cpu) added: Option<&'a [T]>,
    pub(in crate::ops::cpu) relu: bool,
}

impl<'a, T: Real> Finish<'a, T> {
    /// The sums as they are.
    pub(in crate::ops::cpu) const PLAIN: Finish<'static, T> =
        Finish { affine: None, added: None, relu: false };

    /// Finishes the sums of some pixels, `PANEL` for each pixel, of which the first `columns` are the channels from
    /// `channel` on. The first sum belongs to element `at` of the result, and pixels are `distance` elements apart there.
    pub(super) fn apply(&self, sums: &mut [T], channel: usize, columns: usize, at: usize, distance: usize) {
        match self.affine {
            Some((scale, shift)) => {
                let (mut a, mut b) = ([T::zero(); PANEL], [T::zero(); PANEL]);
                a[..columns].copy_from_slice(&scale[channel..][..columns]);
                b[..columns].copy_from_slice(&shift[channel..][..columns]);
                match self.added {
                    Some(added) => affine_add(sums, &a, &b, &added[at..], distance, columns, self.relu),
                    None => affine(sums, &a, &b, self.relu),
                }
            }
            None => {
                if let Some(added) = self.added {
                    add(sums, &added[at..], distance, columns);
                }
            }
        }
    }
}

vectorised! {
    /// `v = v * scale + shift`, rectified where wanted.
    fn affine<T>(sums: &mut [T], scale: &[T; PANEL], shift: &[T; PANEL], relu: bool) {
        let (pixels, _) = sums.as_chunks_mut::<PANEL>();
        for pixel in pixels {
            for ((v, &a), &b) in pixel.iter_mut().zip(scale).zip(shift) {
                let y = *v * a + b;
                *v = if relu && y < T::zero() { T::zero() } else { y };
            }
        }
    }
}

vectorised! {
    /// `v = v * scale + shift + added`, rectified where wanted.
    fn affine_add<T>(
        sums: &mut [T],
        scale: &[T; PANEL],
        shift: &[T; PANEL],
        added: &[T],
        distance: usize,
        columns: usize,
        relu: bool,
    ) {
        let (pixels, _) = sums.as_chunks_mut::<PANEL>();
        for (pixel, added) in pixels.iter_mut().zip(added.chunks(distance)) {
            let line = &added[..columns];
            for (((v, &a), &b), &r) in pixel.iter_mut().zip(scale).zip(shift).zip(line) {
                let y = *v * a + b + r;
                *v = if relu && y < T::zero() { T::zero() } else { y };
            }
        }
    }
}

vectorised! {
    /// `v = v + added`.
    fn add<T>(sums: &mut [T], added: &[T], distance: usize, columns: usize) {
        let (pixels, _) = sums.as_chunks_mut::<PANEL>();
        for (pixel, added) in pixels.iter_mut().zip(added.chunks(distance)) {
            for (v, &r) in pixel.iter_mut().zip(&added[..columns]) {
                *v += r;
            }
        }
    }
}

vectorised! {
    /// Mean of each column over some pixels, and the sum of the squared distances from it.
    pub(super) fn moments<T>(sums: &[T], mean: &mut [T; PANEL], squares: &mut [T; PANEL]) {
        let (pixels, _) = sums.as_chunks::<PANEL>();
        let share = T::from_f64(1. / pixels.len() as f64);
        let (mut total, mut total_squares) = ([T::zero(); PANEL], [T::zero(); PANEL]);
        for pixel in pixels {
            for (t, &v) in total.iter_mut().zip(pixel) {
                *t += v;
            }
        }
        for t in &mut total {
            *t *= share;
        }
        for pixel in pixels {
            for ((s, &v), &m) in total_squares.iter_mut().zip(pixel).zip(&total) {
                *s += (v - m) * (v - m);
            }
        }
        (*mean, *squares) = (total, total_squares);
    }
}
