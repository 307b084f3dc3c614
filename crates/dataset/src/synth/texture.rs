//! Textures: the mixing weight of the second colour, 0 to 1, at a point.

use super::noise::value_noise;
use std::f64::consts::TAU;

/// A texture over a plane in which its period is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Texture {
    Stripes,
    Checks,
    Dots,
    Rings,
    Grain,
    Zigzag,
}

impl Texture {
    /// All textures.
    pub(crate) const ALL: [Texture; 6] =
        [Texture::Stripes, Texture::Checks, Texture::Dots, Texture::Rings, Texture::Grain, Texture::Zigzag];

    /// The value at a point; `seed` varies the grain.
    pub(crate) fn at(self, u: f64, v: f64, seed: u32) -> f64 {
        match self {
            Texture::Stripes => wave(u),
            Texture::Checks => contrast((TAU * u / 2.0).sin() * (TAU * v / 2.0).sin()),
            Texture::Dots => {
                let (du, dv) = (u - u.round(), v - v.round());
                contrast((0.30 - du.hypot(dv)) * 4.0)
            }
            Texture::Rings => wave(u.hypot(v)),
            Texture::Grain => contrast((value_noise(u * 2.0, v * 2.0, seed) - 0.5) * 3.0),
            Texture::Zigzag => wave(u + 0.8 * (v / 2.0 - (v / 2.0).round()).abs()),
        }
    }
}

fn wave(phase: f64) -> f64 {
    contrast((TAU * phase).sin())
}

/// Maps -1 to 1 to 0 to 1, with the middle steeper than the ends.
fn contrast(value: f64) -> f64 {
    (0.5 + 0.9 * value).clamp(0.0, 1.0)
}
