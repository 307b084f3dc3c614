//! Gradients of the objectives: closed forms, central differences, limits.

mod common;

use candle_core::{DType, IndexOp, Var};
use common::{K, ibe, loss, pixels, problem, scalar, scribe, sigmoid};
use scribe_model::{Bce, Form, Objective, ObjectiveConfig, Reduce, Result, VoidRule};

/// One pixel's gradient from `v` and the label, written from the closed forms.
type Gradient = fn(&[f64], usize) -> Vec<f64>;

fn softmax_gradient(z: &[f64], y: usize) -> Vec<f64> {
    let top = z.iter().copied().fold(f64::MIN, f64::max);
    let sum: f64 = z.iter().map(|z| (z - top).exp()).sum();
    z.iter().enumerate().map(|(n, z)| (z - top).exp() / sum - hot(n, y)).collect()
}

fn hot(n: usize, y: usize) -> f64 {
    f64::from(u8::from(n == y))
}

fn sum_exp(v: &[f64]) -> f64 {
    v.iter().map(|v| v.exp()).sum()
}

fn largest(v: &[f64]) -> usize {
    (0..v.len()).max_by(|&a, &b| v[a].total_cmp(&v[b])).expect("there are logits")
}

/// `2 S e^{v_n} / (1 + S^2)` on background, `p_n - y_n - pi_n / (1 + S^2)` on foreground (label c is channel c - 1 of v).
fn ibe_lse(v: &[f64], y: usize) -> Vec<f64> {
    let s = sum_exp(v);
    let (p, pi) = (|v: f64| s * v.exp() / (1. + s * s), |v: f64| v.exp() / s);
    let of = |(n, &v): (usize, &f64)| match y {
        0 => 2. * s * v.exp() / (1. + s * s),
        _ => p(v) - hot(n + 1, y) - pi(v) / (1. + s * s),
    };
    v.iter().enumerate().map(of).collect()
}

/// `p_n - y_n - (p_b - y_b) [n = argmax v]`.
fn ibe_max(v: &[f64], y: usize) -> Vec<f64> {
    let top = largest(v);
    let z: Vec<f64> = std::iter::once(-v[top]).chain(v.iter().copied()).collect();
    let g = softmax_gradient(&z, y);
    (0..v.len()).map(|n| g[n + 1] - g[0] * hot(n, top)).collect()
}

/// `sigma(v_n) + e^{v_n} / (1 + S)` on background, `sigma(v_n) - y_n - pi_n / (1 + S)` on foreground.
fn scribe_lse(v: &[f64], y: usize) -> Vec<f64> {
    let s = sum_exp(v);
    let of = |(n, &v): (usize, &f64)| match y {
        0 => sigmoid(v) + v.exp() / (1. + s),
        _ => sigmoid(v) - hot(n + 1, y) - v.exp() / s / (1. + s),
    };
    v.iter().enumerate().map(of).collect()
}

/// `sigma(v_n) - y_n - (sigma(b) - y_b) [n = argmax v]`, `b = -max v`.
fn scribe_max(v: &[f64], y: usize) -> Vec<f64> {
    let top = largest(v);
    let b = sigmoid(-v[top]) - hot(0, y);
    (0..v.len()).map(|n| sigmoid(v[n]) - hot(n + 1, y) - b * hot(n, top)).collect()
}

/// Eq. (4): `e^{v_n} / (1 + S)` on background, `-(1 - sigma(v_n)) y_n` on foreground.
fn equation_4(v: &[f64], y: usize) -> Vec<f64> {
    let s = sum_exp(v);
    let of = |(n, &v): (usize, &f64)| match y {
        0 => v.exp() / (1. + s),
        _ => -sigmoid(-v) * hot(n + 1, y),
    };
    v.iter().enumerate().map(of).collect()
}

/// Eq. (4) with `b = -max v`: `sigma(max v)` at the largest logit on background.
fn equation_4_max(v: &[f64], y: usize) -> Vec<f64> {
    let top = largest(v);
    let of = |(n, &v): (usize, &f64)| match y {
        0 => sigmoid(v) * hot(n, top),
        _ => -sigmoid(-v) * hot(n + 1, y),
    };
    v.iter().enumerate().map(of).collect()
}

fn cases() -> Vec<(&'static str, Objective, Gradient, f64)> {
    use Bce::{Full, PositiveOnly};
    use Form::{NegLse, NegMax};
    let (sum, mean, ignore) = (Reduce::Sum, Reduce::Mean, VoidRule::Ignore);
    vec![
        ("softmax", ObjectiveConfig::Softmax { void: ignore }.build(false), softmax_gradient, 1.),
        ("ibe -LSE", ibe(NegLse), ibe_lse, 1.),
        ("ibe -max", ibe(NegMax), ibe_max, 1.),
        ("scribe -LSE", scribe(NegLse, Full, sum, ignore), scribe_lse, 1.),
        ("scribe -max", scribe(NegMax, Full, sum, ignore), scribe_max, 1.),
        ("scribe -LSE mean", scribe(NegLse, Full, mean, ignore), scribe_lse, 1. / 21.),
        ("eq. 4", scribe(NegLse, PositiveOnly, sum, ignore), equation_4, 1.),
        ("eq. 4 -max", scribe(NegMax, PositiveOnly, sum, ignore), equation_4_max, 1.),
        ("eq. 4 mean", scribe(NegLse, PositiveOnly, mean, ignore), equation_4, 1. / 21.),
    ]
}

#[test]
fn gradients_are_the_closed_forms() -> Result<()> {
    for (name, objective, formula, scale) in cases() {
        let (v, mut labels) = problem(objective.outputs(K + 1));
        // Both label kinds at every pixel.
        for _ in 0..2 {
            let var = Var::from_tensor(&pixels(&v)?)?;
            let gradients = loss(&objective, var.as_tensor(), &labels)?.backward()?;
            let found = gradients.get(&var).expect("v has a gradient");
            for (p, (v, &label)) in v.iter().zip(&labels).enumerate() {
                let found = found.i((0, .., 0, p))?.to_vec1::<f64>()?;
                for (n, (found, wanted)) in found.iter().zip(formula(v, usize::from(label))).enumerate() {
                    let wanted = wanted * scale / labels.len() as f64;
                    assert!(
                        (found - wanted).abs() < 1e-12,
                        "{name}: pixel {p}, channel {n}: {found}, {wanted}"
                    );
                }
            }
            labels.iter_mut().for_each(|y| *y = if *y == 0 { 5 } else { 0 });
        }
    }
    Ok(())
}

#[test]
fn gradients_are_the_central_differences() -> Result<()> {
    const STEP: f64 = 1e-4;
    for (name, objective, ..) in cases() {
        let (mut v, labels) = problem(objective.outputs(K + 1));
        let var = Var::from_tensor(&pixels(&v)?)?;
        let gradients = loss(&objective, var.as_tensor(), &labels)?.backward()?;
        let gradient = gradients.get(&var).expect("v has a gradient").clone();
        for p in 0..labels.len() {
            for n in [0, 4, 9, 19] {
                let mut at = |shift: f64| -> Result<f64> {
                    let kept = std::mem::replace(&mut v[p][n], 0.);
                    v[p][n] = kept + shift;
                    let value = scalar(&loss(&objective, &pixels(&v)?, &labels)?);
                    v[p][n] = kept;
                    value
                };
                let slope = (at(STEP)? - at(-STEP)?) / (2. * STEP);
                let found = gradient.i((0, n, 0, p))?.to_scalar::<f64>()?;
                assert!(
                    (found - slope).abs() < 1e-7,
                    "{name}: pixel {p}, channel {n}: {found}, slope {slope}"
                );
            }
        }
    }
    Ok(())
}

#[test]
fn f32_stays_finite_at_the_extremes() -> Result<()> {
    for (name, objective, formula, scale) in cases() {
        for level in [80f64, -80., 0.] {
            let v = vec![vec![level; objective.outputs(K + 1)]; 2];
            let var = Var::from_tensor(&pixels(&v)?.to_dtype(DType::F32)?)?;
            let value = loss(&objective, var.as_tensor(), &[0, 6])?;
            assert!(scalar(&value)?.is_finite(), "{name} at {level}: {value}");
            let gradients = value.backward()?;
            let found = gradients.get(&var).expect("v has a gradient").flatten_all()?.to_vec1::<f32>()?;
            assert!(found.iter().all(|g| g.is_finite()), "{name} at {level}: {found:?}");
            // A tie of all logits: -max sends the gradient of b to one of them, so only the sums agree.
            let sum: f64 = found.iter().map(|&g| f64::from(g)).sum();
            let wanted: f64 = [0, 6].iter().flat_map(|&y| formula(&v[0], y)).sum::<f64>() * scale / 2.;
            assert!((sum - wanted).abs() < 1e-4, "{name} at {level}: {sum}, expected {wanted}");
        }
    }
    Ok(())
}

#[test]
fn a_label_that_is_no_class_is_refused() -> Result<()> {
    for (name, objective, ..) in cases() {
        let v = pixels(&[vec![0.; objective.outputs(K + 1)]])?;
        assert!(loss(&objective, &v, &[21]).is_err(), "{name}");
    }
    Ok(())
}
