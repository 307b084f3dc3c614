//! What every transform is made of: sums of a few numbers, for many channels at once.

use crate::ops::cpu::product::PANEL;
use crate::ops::cpu::real::Real;

/// The values of as many channels as a panel has, at one place.
pub(super) type Lanes<T> = [T; PANEL];

/// A transform along one side.
pub(super) trait Line<const A: usize, const B: usize> {
    /// `B` values of `A`, of one channel.
    fn of<T: Real>(values: [T; A]) -> [T; B];
}

/// A transform of rows and columns: `L` is applied to every column of `from` (row by row), and then to every row of the
/// result. (The passes go through memory and not through values: the compiler turns loops over memory into vectors, and
/// long arrays of values into shuffles.)
#[inline(always)]
pub(super) fn both_sides<L: Line<A, B>, T: Real, const A: usize, const B: usize>(
    from: &[[Lanes<T>; A]; A],
    half: &mut [[Lanes<T>; B]; A],
    to: &mut [[Lanes<T>; B]; B],
) {
    for (x, half) in half.iter_mut().enumerate() {
        line::<L, T, A, B>(from.each_ref().map(|row| &row[x]), half);
    }
    for (y, to) in to.iter_mut().enumerate() {
        line::<L, T, A, B>(half.each_ref().map(|column| &column[y]), to);
    }
}

#[inline(always)]
fn line<L: Line<A, B>, T: Real, const A: usize, const B: usize>(
    from: [&Lanes<T>; A],
    to: &mut [Lanes<T>; B],
) {
    for channel in 0..PANEL {
        let mut values = [T::zero(); A];
        for (value, from) in values.iter_mut().zip(from) {
            *value = from[channel];
        }
        for (to, value) in to.iter_mut().zip(L::of(values)) {
            to[channel] = value;
        }
    }
}

/// The channels from `first` on; those that there are none of are 0.
#[inline(always)]
pub(super) fn take<T: Real>(channels: &[T], first: usize, to: &mut Lanes<T>) {
    let channels = channels.get(first..).unwrap_or(&[]);
    match channels.first_chunk() {
        Some(whole) => *to = *whole,
        None => take_fewer(channels, to),
    }
}

/// Fewer channels than lanes. (A function of its own, so that the copy of whole lanes stays one of fixed length.)
#[cold]
#[inline(never)]
fn take_fewer<T: Real>(channels: &[T], to: &mut Lanes<T>) {
    to.fill(T::zero());
    to[..channels.len()].copy_from_slice(channels);
}
