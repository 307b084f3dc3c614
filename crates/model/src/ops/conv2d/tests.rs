//! Every instruction set against the sums in f64, which take the portable path.

use super::geometry::Geometry;
use super::passes::{forward, input_gradient};
use super::weight_gradient::weight_gradient;
use super::{Conv2dConfig, regions};
use crate::ops::cpu::level::Level;

fn wave(len: usize, seed: usize) -> Vec<f64> {
    (0..len).map(|i| ((i * 7919 + seed * 104_729) % 10_007) as f64 / 5003.5 - 1.).collect()
}

fn narrow(v: &[f64]) -> Vec<f32> {
    v.iter().map(|&v| v as f32).collect()
}

/// The largest difference in units of the largest element.
fn distance(got: &[f32], want: &[f64]) -> f64 {
    assert_eq!(got.len(), want.len());
    let largest = want.iter().fold(0f64, |m, v| m.max(v.abs()));
    got.iter().zip(want).fold(0f64, |m, (g, w)| m.max((*g as f64 - w).abs())) / largest
}

fn check(x: [usize; 4], weight: [usize; 4], config: Conv2dConfig) {
    let g = Geometry::new(&x, &weight, config).unwrap();
    let (xs, ws) = (wave(x.iter().product(), 1), wave(weight.iter().product(), 2));
    let ds = wave(g.images * g.outputs * g.out_plane(), 3);
    let exact = Level::Portable;
    let y = forward(&g, exact, &xs, &ws, None);
    let dx = input_gradient(&g, exact, &ds, &ws);
    let dw = weight_gradient(&g, exact, &xs, &ds);
    let (xs, ws, ds) = (narrow(&xs), narrow(&ws), narrow(&ds));
    for level in Level::available() {
        for (name, d) in [
            ("y", distance(&forward(&g, level, &xs, &ws, None), &y)),
            ("dx", distance(&input_gradient(&g, level, &ds, &ws), &dx)),
            ("dw", distance(&weight_gradient(&g, level, &xs, &ds), &dw)),
        ] {
            assert!(d <= 2e-6, "{name} of {x:?} {weight:?} {config:?} on {level:?}: {d:e}");
        }
    }
}

#[test]
fn instruction_sets_agree() {
    let c = |stride, padding, dilation| Conv2dConfig { stride, padding, dilation };
    check([2, 3, 37, 45], [50, 3, 7, 7], c(2, 3, 1));
    check([2, 40, 9, 11], [70, 40, 1, 1], c(1, 0, 1));
    check([2, 70, 9, 11], [40, 70, 1, 1], c(1, 0, 1));
    check([2, 33, 9, 11], [50, 33, 1, 1], c(2, 0, 1));
    check([3, 17, 14, 14], [21, 17, 3, 3], c(1, 1, 1));
    check([2, 30, 13, 18], [19, 30, 3, 3], c(2, 1, 1));
    check([2, 20, 14, 14], [24, 20, 3, 3], c(1, 6, 6));
    check([1, 300, 5, 40], [9, 300, 3, 3], c(3, 2, 1));
}

#[test]
fn wide_dilations_are_cut_into_regions() {
    let side = |rate: usize| regions::Side {
        count: 14,
        step: 1,
        size: 14,
        taps: (0..3)
            .map(|index| regions::Tap { index, offset: (index * rate) as isize - rate as isize })
            .collect(),
    };
    // Close taps are not worth a cut; at 6 there are three parts a side; at 18 only the centre is left.
    assert_eq!(regions::cut(&side(1), &side(1), 16).len(), 1);
    let regions_at_6 = regions::cut(&side(6), &side(6), 16);
    let work: usize = regions_at_6.iter().map(|r| r.pixels() * r.taps()).sum();
    // Down a side the three taps reach 8 + 14 + 8 = 30 of 42 places.
    assert_eq!((regions_at_6.len(), work), (9, 30 * 30));
    let at_18 = regions::cut(&side(18), &side(18), 16);
    assert_eq!((at_18.len(), at_18[0].taps()), (1, 1));
}
