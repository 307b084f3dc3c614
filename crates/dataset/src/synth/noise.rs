//! Smooth random fields from hashed lattices.

/// A smooth random field with values from 0 to 1; lattice points are 1 apart.
pub(super) fn value_noise(x: f64, y: f64, seed: u32) -> f64 {
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (smooth(x - left), smooth(y - top));
    let corner = |dx: i32, dy: i32| lattice(left as i32 + dx, top as i32 + dy, seed);
    let upper = mix(corner(0, 0), corner(1, 0), fx);
    let lower = mix(corner(0, 1), corner(1, 1), fx);
    mix(upper, lower, fy)
}

/// `a` at 0, `b` at 1.
pub(super) fn mix(a: f64, b: f64, t: f64) -> f64 {
    a + (b - a) * t
}

fn smooth(t: f64) -> f64 {
    t * t * (3.0 - 2.0 * t)
}

/// A hash of a lattice point, spread over 0 to 1.
fn lattice(x: i32, y: i32, seed: u32) -> f64 {
    let mut h = seed ^ (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77);
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    f64::from(h ^ (h >> 15)) / f64::from(u32::MAX)
}
