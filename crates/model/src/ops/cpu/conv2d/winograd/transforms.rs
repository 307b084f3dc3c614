//! The transforms along both sides, for many channels.

use super::lanes::{Lanes, Line, both_sides, take};
use super::{four, two};
use crate::ops::cpu::level::vectorised;
use crate::ops::cpu::product::PANEL;
use crate::ops::cpu::real::Real;
use std::mem::MaybeUninit;

vectorised! {
    /// `B^T d B` of 4x4 pixels (row by row), for all their channels in whole panels: matrix `e` takes those of the first
    /// panel to the elements from `e * matrix` on of `place`, and panels follow one another at a distance of `panel`.
    pub(super) fn read_two<T>(pixels: &[[&[T]; 4]; 4], matrix: usize, panel: usize, place: &mut [T]) {
        read::<two::Read, T, 4, 4>(pixels, matrix, panel, place)
    }
}

vectorised! {
    /// As [`read_two`], of 6x6 pixels.
    pub(super) fn read_four<T>(pixels: &[[&[T]; 6]; 6], matrix: usize, panel: usize, place: &mut [T]) {
        read::<four::Read, T, 6, 6>(pixels, matrix, panel, place)
    }
}

vectorised! {
    /// As [`read_two`]: `A y A^T` of the gradients of 2x2 results.
    pub(super) fn write_gradient_two<T>(pixels: &[[&[T]; 2]; 2], matrix: usize, panel: usize, place: &mut [T]) {
        read::<two::WriteGradient, T, 2, 4>(pixels, matrix, panel, place)
    }
}

#[inline(always)]
fn read<L: Line<A, B>, T: Real, const A: usize, const B: usize>(
    pixels: &[[&[T]; A]; A],
    matrix: usize,
    panel: usize,
    place: &mut [T],
) {
    let zero = [T::zero(); PANEL];
    let (mut from, mut half, mut to) = ([[zero; A]; A], [[zero; B]; A], [[zero; B]; B]);
    for first in (0..pixels[0][0].len()).step_by(PANEL) {
        for (pixel, from) in pixels.as_flattened().iter().zip(from.as_flattened_mut()) {
            take(pixel, first, from);
        }
        both_sides::<L, T, A, B>(&from, &mut half, &mut to);
        let place = &mut place[first / PANEL * panel..];
        for (i, values) in to.as_flattened().iter().enumerate() {
            place[i * matrix..][..PANEL].copy_from_slice(values);
        }
    }
}

/// Neighbouring patches of results, and where they go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Patches beside each other.
    pub(super) patches: usize,
    /// Rows of results, at most a patch's.
    pub(super) height: usize,
    /// Results of each row: those of the last patch may be fewer than a whole patch's.
    pub(super) width: usize,
}

vectorised! {
    /// `A^T m A` of the 16 products of each patch of a row, one panel of channels: product `e` of patch `i` lies from
    /// element `e * matrix + i * PANEL` on. The results go to `place`, row by row.
    pub(super) fn write_two<T>(products: &[T], matrix: usize, row: Row, place: &mut [T]) {
        write::<two::Write, T, 4, 2>(products, matrix, row, place)
    }
}

vectorised! {
    /// As [`write_two`], of 36 products.
    pub(super) fn write_four<T>(products: &[T], matrix: usize, row: Row, place: &mut [T]) {
        write::<four::Write, T, 6, 4>(products, matrix, row, place)
    }
}

#[inline(always)]
fn write<L: Line<A, B>, T: Real, const A: usize, const B: usize>(
    products: &[T],
    matrix: usize,
    row: Row,
    place: &mut [T],
) {
    let zero = [T::zero(); PANEL];
    let (mut from, mut half, mut to) = ([[zero; A]; A], [[zero; B]; A], [[zero; B]; B]);
    for patch in 0..row.patches {
        for (i, from) in from.as_flattened_mut().iter_mut().enumerate() {
            take(products, i * matrix + patch * PANEL, from);
        }
        both_sides::<L, T, A, B>(&from, &mut half, &mut to);
        for (y, values) in to.iter().enumerate().take(row.height) {
            let place = &mut place[(y * row.width + patch * B) * PANEL..];
            for (place, values) in place.chunks_exact_mut(PANEL).zip(values).take(row.width - patch * B) {
                place.copy_from_slice(values);
            }
        }
    }
}

vectorised! {
    /// `G g G^T` of the taps of some rows of a panel, `[row, 9, PANEL]`: matrix `e` takes those rows from element
    /// `e * matrix` of `place` on.
    pub(super) fn taps_two<T>(taps: &[[Lanes<T>; 9]], matrix: usize, place: &mut [MaybeUninit<T>]) {
        transform_taps::<two::Taps, T, 4>(taps, matrix, place)
    }
}

vectorised! {
    /// As [`taps_two`], for F(4x4, 3x3).
    pub(super) fn taps_four<T>(taps: &[[Lanes<T>; 9]], matrix: usize, place: &mut [MaybeUninit<T>]) {
        transform_taps::<four::Taps, T, 6>(taps, matrix, place)
    }
}

#[inline(always)]
fn transform_taps<L: Line<3, B>, T: Real, const B: usize>(
    taps: &[[Lanes<T>; 9]],
    matrix: usize,
    place: &mut [MaybeUninit<T>],
) {
    let zero = [T::zero(); PANEL];
    let (mut from, mut half, mut to) = ([[zero; 3]; 3], [[zero; B]; 3], [[zero; B]; B]);
    for (row, taps) in taps.iter().enumerate() {
        from.as_flattened_mut().copy_from_slice(taps);
        both_sides::<L, T, 3, B>(&from, &mut half, &mut to);
        for (i, values) in to.as_flattened().iter().enumerate() {
            place[i * matrix + row * PANEL..][..PANEL].write_copy_of_slice(values);
        }
    }
}

vectorised! {
    /// `G^T m G` of the gradients of the transforms of some rows of a panel: matrix `e` has them from element
    /// `e * matrix` on. The taps' gradients go to `taps`.
    pub(super) fn taps_gradient_two<T>(matrices: &[T], matrix: usize, taps: &mut [[Lanes<T>; 9]]) {
        let zero = [T::zero(); PANEL];
        let (mut from, mut half, mut to) = ([[zero; 4]; 4], [[zero; 3]; 4], [[zero; 3]; 3]);
        for (row, taps) in taps.iter_mut().enumerate() {
            for (i, from) in from.as_flattened_mut().iter_mut().enumerate() {
                take(matrices, i * matrix + row * PANEL, from);
            }
            both_sides::<two::TapsGradient, T, 4, 3>(&from, &mut half, &mut to);
            taps.copy_from_slice(to.as_flattened());
        }
    }
}

vectorised! {
    /// `to += from`.
    pub(super) fn add_to<T>(to: &mut [T], from: &[T]) {
        for (to, &from) in to.iter_mut().zip(from) {
            *to += from;
        }
    }
}
