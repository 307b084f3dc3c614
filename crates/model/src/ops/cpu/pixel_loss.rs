//! The losses of single pixels.

use super::level::vectorised;
use super::log_sigmoid;
use super::real::Real;
use super::tiles::{self, TILE, Tile};
use crate::ops::head::{Bce, Loss};

/// The losses of the pixels of a tile, given their logits and classes; replaces the logits by the losses' gradients.
pub(super) fn losses<T: Real>(loss: Loss, z: &mut Tile<T>, class: &[u8; TILE], value: &mut [T; TILE]) {
    match loss {
        Loss::CrossEntropy => cross_entropy(z, class, value),
        Loss::Sigmoid(bce, reduce) => {
            let weight = T::from_f64(reduce.weight(z.len()));
            match bce {
                Bce::Full => binary(z, class, weight, value),
                // The channels without a term still count in the mean, as they do in the full loss.
                Bce::PositiveOnly => positive_only(z, class, weight, value),
            }
        }
    }
}

/// `-log softmax(z)` of the class.
fn cross_entropy<T: Real>(z: &mut Tile<T>, class: &[u8; TILE], value: &mut [T; TILE]) {
    let mut own = [T::zero(); TILE];
    for i in 0..TILE {
        own[i] = z[class[i] as usize][i];
    }
    let mut largest = [T::zero(); TILE];
    tiles::softmax(z, value, &mut largest);
    for i in 0..TILE {
        z[class[i] as usize][i] -= T::one();
        value[i] += largest[i] - own[i];
    }
}

/// `-log sigmoid` of the class's logit and of minus the others, each times `weight`.
fn binary<T: Real>(z: &mut Tile<T>, class: &[u8; TILE], weight: T, value: &mut [T; TILE]) {
    // The label changes only the sign of its channel: -log sigmoid(z) there, -log sigmoid(-z) elsewhere.
    let turn = |z: &mut Tile<T>| {
        for i in 0..TILE {
            let own = &mut z[class[i] as usize][i];
            *own = -*own;
        }
    };
    turn(z);
    all_negative(z, weight, value);
    turn(z);
}

vectorised! {
    /// Losses and gradients of pixels that have no class.
    fn all_negative<T>(z: &mut Tile<T>, weight: T, value: &mut [T; TILE]) {
        *value = [T::zero(); TILE];
        for row in z {
            for i in 0..TILE {
                let (log, complement) = log_sigmoid::value_and_complement(-row[i]);
                value[i] -= log * weight;
                row[i] = complement * weight;
            }
        }
    }
}

/// `-log sigmoid` of the class's logit, times `weight`.
fn positive_only<T: Real>(z: &mut Tile<T>, class: &[u8; TILE], weight: T, value: &mut [T; TILE]) {
    let mut slope = [T::zero(); TILE];
    for i in 0..TILE {
        let (log, complement) = log_sigmoid::value_and_complement(z[class[i] as usize][i]);
        (value[i], slope[i]) = (-log * weight, -complement * weight);
    }
    z.fill([T::zero(); TILE]);
    for i in 0..TILE {
        z[class[i] as usize][i] = slope[i];
    }
}

vectorised! {
    /// Multiplies the gradients by the pixels' weights, and gives the sum of the losses of those with a weight. The others
    /// get 0, whatever their gradients.
    pub(super) fn finish<T>(gradient: &mut Tile<T>, weights: &[T; TILE], losses: &[T; TILE]) -> f64 {
        for row in gradient {
            for i in 0..TILE {
                row[i] = if weights[i] > T::zero() { row[i] * weights[i] } else { T::zero() };
            }
        }
        // Eight sums side by side, as wide vectors are.
        let mut sums = [0f64; 8];
        for (losses, weights) in losses.as_chunks::<8>().0.iter().zip(weights.as_chunks::<8>().0) {
            for i in 0..8 {
                sums[i] += if weights[i] > T::zero() { losses[i].to_f64() } else { 0. };
            }
        }
        sums.iter().sum()
    }
}
