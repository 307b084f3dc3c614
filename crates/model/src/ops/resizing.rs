//! Which inputs each output of a resized map is blended from, and with which weights.

use candle_core::WithDType;

/// Sides of the input and of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Resizing {
    pub(crate) h: usize,
    pub(crate) w: usize,
    pub(crate) out_h: usize,
    pub(crate) out_w: usize,
    /// Whether the centres of the corner pixels coincide; otherwise the corners of the images do.
    pub(crate) align_corners: bool,
}

impl Resizing {
    /// The two sides, down and across.
    pub(in crate::ops) fn sides<T: WithDType>(&self) -> (Side<T>, Side<T>) {
        let side = |inputs, outputs| Side::new(inputs, outputs, self.align_corners);
        (side(self.h, self.out_h), side(self.w, self.out_w))
    }
}

/// Where the outputs along one side lie between the inputs.
#[derive(Debug)]
pub(in crate::ops) struct Side<T> {
    /// The two neighbouring inputs of every output (equal at the end).
    pub(in crate::ops) from: Vec<[usize; 2]>,
    /// The weight of the second neighbour.
    pub(in crate::ops) weight: Vec<T>,
}

impl<T: WithDType> Side<T> {
    /// The positions are computed in the element type, as PyTorch does: in f32 the last digits depend on it.
    pub(in crate::ops) fn new(inputs: usize, outputs: usize, align_corners: bool) -> Self {
        let of = |n: usize| T::from_f64(n as f64);
        let not_negative = |v: T| if v > T::zero() { v } else { T::zero() };
        let half = T::from_f64(0.5);
        let scale = match (align_corners, outputs) {
            (true, 0 | 1) => T::zero(),
            (true, _) => of(inputs - 1) / of(outputs - 1),
            (false, _) => of(inputs) / of(outputs),
        };
        let position = |o: usize| {
            if align_corners { scale * of(o) } else { not_negative(scale * (of(o) + half) - half) }
        };
        let place = |o: usize| {
            let at = position(o);
            let low = (at.to_f64() as usize).min(inputs - 1);
            let weight = not_negative(at - of(low));
            ([low, (low + 1).min(inputs - 1)], if weight > T::one() { T::one() } else { weight })
        };
        let (from, weight) = (0..outputs).map(place).unzip();
        Self { from, weight }
    }

    /// The outputs that are blended from input `i`, with its weight in each, in order.
    pub(in crate::ops) fn uses(&self, i: usize) -> impl Iterator<Item = (usize, T)> + '_ {
        // The first neighbours never decrease, and the second is at most one further.
        let first = self.from.partition_point(|from| from[1] < i);
        let end = self.from.partition_point(|from| from[0] <= i);
        (first..end).map(move |o| {
            let ([low, high], weight) = (self.from[o], self.weight[o]);
            let mut share = T::zero();
            if low == i {
                share += T::one() - weight;
            }
            if high == i {
                share += weight;
            }
            (o, share)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_uses_of_an_input_are_those_of_the_definition() {
        for (inputs, outputs) in [(1, 4), (3, 7), (7, 3), (5, 5), (4, 1)] {
            for align_corners in [false, true] {
                let side = Side::<f64>::new(inputs, outputs, align_corners);
                for i in 0..inputs {
                    let mut shares = vec![0.; outputs];
                    for (o, ([low, high], weight)) in
                        side.from.iter().zip(&side.weight).map(|(f, w)| (*f, *w)).enumerate()
                    {
                        shares[o] += if low == i { 1. - weight } else { 0. };
                        shares[o] += if high == i { weight } else { 0. };
                    }
                    let mut found = vec![0.; outputs];
                    side.uses(i).for_each(|(o, share)| found[o] = share);
                    assert_eq!(found, shares, "{inputs} to {outputs}, input {i}");
                }
            }
        }
    }
}
