//! Outlines of objects.

use std::f64::consts::{PI, TAU};

/// An outline; each has a radius of about 1 around the origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Ellipse,
    Triangle,
    Rectangle,
    Star,
    Cross,
    Hexagon,
    HalfDisc,
    Arrow,
    Flower,
    Ell,
}

impl Shape {
    /// All outlines.
    pub(crate) const ALL: [Shape; 10] = [
        Shape::Ellipse,
        Shape::Triangle,
        Shape::Rectangle,
        Shape::Star,
        Shape::Cross,
        Shape::Hexagon,
        Shape::HalfDisc,
        Shape::Arrow,
        Shape::Flower,
        Shape::Ell,
    ];

    /// The corners in order, the first not repeated.
    pub(crate) fn outline(self) -> Vec<(f64, f64)> {
        match self {
            Shape::Ellipse => polar(36, |_| 1.0).into_iter().map(|(x, y)| (x, 0.7 * y)).collect(),
            Shape::Triangle => polar(3, |_| 1.1),
            Shape::Rectangle => vec![(-1.0, -0.55), (1.0, -0.55), (1.0, 0.55), (-1.0, 0.55)],
            Shape::Star => polar(10, |i| if i % 2 == 0 { 1.1 } else { 0.5 }),
            Shape::Cross => cross(),
            Shape::Hexagon => polar(6, |_| 1.0),
            Shape::HalfDisc => {
                (0..=18).map(|i| PI * f64::from(i) / 18.0).map(|a| (a.cos(), a.sin() - 0.4)).collect()
            }
            Shape::Arrow => {
                vec![(1.1, 0.0), (0.1, 0.9), (0.1, 0.4), (-1.0, 0.4), (-1.0, -0.4), (0.1, -0.4), (0.1, -0.9)]
            }
            Shape::Flower => polar(40, |i| 0.8 + 0.25 * (f64::from(i) * TAU / 8.0).cos()),
            Shape::Ell => vec![(-0.9, -0.9), (-0.2, -0.9), (-0.2, 0.2), (0.9, 0.2), (0.9, 0.9), (-0.9, 0.9)],
        }
    }
}

/// `count` corners around the origin, each at its radius.
fn polar(count: i32, radius: impl Fn(i32) -> f64) -> Vec<(f64, f64)> {
    let corner = |i| {
        let angle = TAU * f64::from(i) / f64::from(count);
        (radius(i) * angle.cos(), radius(i) * angle.sin())
    };
    (0..count).map(corner).collect()
}

fn cross() -> Vec<(f64, f64)> {
    let arm = [(1.0, -0.35), (1.0, 0.35), (0.35, 0.35)];
    let turn = |(x, y): (f64, f64), quarter: usize| match quarter {
        0 => (x, y),
        1 => (-y, x),
        2 => (-x, -y),
        _ => (y, -x),
    };
    (0..4).flat_map(|quarter| arm.map(|corner| turn(corner, quarter))).collect()
}
