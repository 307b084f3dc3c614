//! Which inputs each output of a resized map is blended from, and with which weights.

use crate::ops::cpu::real::Real;

/// Where the outputs along one side lie between the inputs.
pub(in crate::ops) struct Side<T> {
    /// The two neighbouring inputs of every output (equal at the end).
    pub(in crate::ops) from: Vec<[usize; 2]>,
    /// The weight of the second neighbour.
    pub(in crate::ops) weight: Vec<T>,
}

impl<T: Real> Side<T> {
    /// The positions are computed in the element type, as PyTorch does: in f32 the last digits depend on it.
    pub(in crate::ops) fn new(inputs: usize, outputs: usize, align_corners: bool) -> Self {
        let of = |n: usize| T::from_f64(n as f64);
        let half = T::from_f64(0.5);
        let scale = match (align_corners, outputs) {
            (true, 0 | 1) => T::zero(),
            (true, _) => of(inputs - 1) / of(outputs - 1),
            (false, _) => of(inputs) / of(outputs),
        };
        let position = |o: usize| {
            if align_corners { scale * of(o) } else { (scale * (of(o) + half) - half).larger(T::zero()) }
        };
        let place = |o: usize| {
            let at = position(o);
            let low = (at.to_f64() as usize).min(inputs - 1);
            let weight = (at - of(low)).larger(T::zero());
            ([low, (low + 1).min(inputs - 1)], if weight > T::one() { T::one() } else { weight })
        };
        let (from, weight) = (0..outputs).map(place).unzip();
        Self { from, weight }
    }
}

/// Sides of the input and of the result.
#[derive(Clone, Copy)]
pub(in crate::ops) struct Bilinear {
    pub(in crate::ops) h: usize,
    pub(in crate::ops) w: usize,
    pub(in crate::ops) out_h: usize,
    pub(in crate::ops) out_w: usize,
    pub(in crate::ops) align_corners: bool,
}

impl Bilinear {
    pub(super) fn sides<T: Real>(&self) -> (Side<T>, Side<T>) {
        let side = |inputs, outputs| Side::new(inputs, outputs, self.align_corners);
        (side(self.h, self.out_h), side(self.w, self.out_w))
    }
}
