//! The objectives: closed gradients, central differences, limits, initial values, sizes, scores, TOML.

mod common;

use candle_core::{DType, Device, IndexOp, Tensor, Var};
use common::seeded;
use rand::Rng;
use scribe_model::{
    At, Background, Bce, Error, Form, Objective, ObjectiveConfig, Reduce, Result, ScoreSpace, VoidRule,
};

/// Foreground classes.
const K: usize = 20;
const VOID: u8 = 255;

/// One pixel's gradient from `v` and the label, written from the closed forms.
type Gradient = fn(&[f64], usize) -> Vec<f64>;

fn background(form: Form) -> Background {
    Background { form, at: At::Features }
}

fn ibe(form: Form) -> Box<dyn Objective> {
    let void = VoidRule::Ignore;
    ObjectiveConfig::Ibe { background: background(form), void, prior_bias: None }.build(false)
}

fn scribe(form: Form, bce: Bce, reduce: Reduce, void: VoidRule) -> Box<dyn Objective> {
    ObjectiveConfig::Scribe { background: background(form), bce, reduce, void, prior_bias: None }.build(false)
}

/// `v` as `[1, C, 1, P]` from pixels of `C` values each.
fn pixels(values: &[Vec<f64>]) -> Result<Tensor> {
    let (p, c) = (values.len(), values[0].len());
    let flat: Vec<f64> = (0..c).flat_map(|k| values.iter().map(move |v| v[k])).collect();
    Ok(Tensor::from_vec(flat, (1, c, 1, p), &Device::Cpu)?)
}

fn loss(objective: &dyn Objective, v: &Tensor, labels: &[u8]) -> Result<Tensor> {
    let labels = Tensor::from_slice(labels, (1, 1, labels.len()), &Device::Cpu)?;
    objective.loss(&objective.logits(v, (1, v.dim(3)?))?, &labels)
}

fn scalar(t: &Tensor) -> Result<f64> {
    Ok(t.to_dtype(DType::F64)?.to_scalar::<f64>()?)
}

fn softmax_gradient(z: &[f64], y: usize) -> Vec<f64> {
    let top = z.iter().copied().fold(f64::MIN, f64::max);
    let sum: f64 = z.iter().map(|z| (z - top).exp()).sum();
    z.iter().enumerate().map(|(n, z)| (z - top).exp() / sum - hot(n, y)).collect()
}

fn hot(n: usize, y: usize) -> f64 {
    f64::from(u8::from(n == y))
}

fn sigmoid(x: f64) -> f64 {
    1. / (1. + (-x).exp())
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

fn cases() -> Vec<(&'static str, Box<dyn Objective>, Gradient, f64)> {
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

/// Pixels with logits of several sizes and labels of both kinds; the last two are at the extremes.
fn problem(channels: usize) -> (Vec<Vec<f64>>, Vec<u8>) {
    let mut rng = seeded(11);
    let sizes = [0.1, 1., 1., 5., 5., 20., 80., 80.];
    let mut v: Vec<Vec<f64>> =
        sizes.iter().map(|&s| (0..channels).map(|_| rng.random_range(-s..s)).collect()).collect();
    v[6].iter_mut().enumerate().for_each(|(n, v)| *v = if n == 4 { 80. } else { -80. });
    v[7].iter_mut().for_each(|v| *v = -80.);
    // A tie has no derivative with -max.
    v[7][9] = -79.;
    (v, vec![0, 0, 3, 0, 20, 7, 0, 12])
}

#[test]
fn gradients_are_the_closed_forms() -> Result<()> {
    for (name, objective, formula, scale) in cases() {
        let (v, mut labels) = problem(objective.outputs(K + 1));
        // Both label kinds at every pixel.
        for _ in 0..2 {
            let var = Var::from_tensor(&pixels(&v)?)?;
            let gradients = loss(objective.as_ref(), var.as_tensor(), &labels)?.backward()?;
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
        let gradients = loss(objective.as_ref(), var.as_tensor(), &labels)?.backward()?;
        let gradient = gradients.get(&var).expect("v has a gradient").clone();
        for p in 0..labels.len() {
            for n in [0, 4, 9, 19] {
                let mut at = |shift: f64| -> Result<f64> {
                    let kept = std::mem::replace(&mut v[p][n], 0.);
                    v[p][n] = kept + shift;
                    let value = scalar(&loss(objective.as_ref(), &pixels(&v)?, &labels)?);
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
            let value = loss(objective.as_ref(), var.as_tensor(), &[0, 6])?;
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
fn losses_of_a_fresh_network() -> Result<()> {
    use Bce::{Full, PositiveOnly};
    use Form::{NegLse, NegMax};
    let (sum, mean, ignore) = (Reduce::Sum, Reduce::Mean, VoidRule::Ignore);
    let (ln, ln2) = (f64::ln, std::f64::consts::LN_2);
    // v = 0: S = 20, b = -log 20 with -LSE and 0 with -max. (objective, loss on background, loss on foreground)
    let expected = [
        (ObjectiveConfig::Softmax { void: ignore }.build(false), ln(21.), ln(21.)),
        (ibe(NegLse), ln(401.), ln(401.) - ln(20.)),
        (ibe(NegMax), ln(21.), ln(21.)),
        (scribe(NegLse, Full, sum, ignore), ln(21.) + 20. * ln2, ln(21. / 20.) + 20. * ln2),
        (scribe(NegLse, Full, mean, ignore), (ln(21.) + 20. * ln2) / 21., (ln(21. / 20.) + 20. * ln2) / 21.),
        (scribe(NegMax, Full, sum, ignore), 21. * ln2, 21. * ln2),
        (scribe(NegLse, PositiveOnly, sum, ignore), ln(21.), ln2),
        (scribe(NegLse, PositiveOnly, mean, ignore), ln(21.) / 21., ln2 / 21.),
    ];
    for (objective, background, foreground) in expected {
        let v = pixels(&[vec![0.; objective.outputs(K + 1)]])?;
        for (label, wanted) in [(0, background), (13, foreground)] {
            let found = scalar(&loss(objective.as_ref(), &v, &[label])?)?;
            assert!(
                (found - wanted).abs() < 1e-12,
                "{objective:?}, label {label}: {found}, expected {wanted}"
            );
        }
    }
    Ok(())
}

#[test]
fn void_is_ignored_or_taught_as_background() -> Result<()> {
    let (v, _) = problem(K + 1);
    let make = |void| -> [Box<dyn Objective>; 4] {
        let implicit = background(Form::NegLse);
        [
            ObjectiveConfig::Softmax { void }.build(false),
            ObjectiveConfig::Ibe { background: implicit, void, prior_bias: None }.build(false),
            scribe(Form::NegLse, Bce::Full, Reduce::Sum, void),
            scribe(Form::NegLse, Bce::PositiveOnly, Reduce::Sum, void),
        ]
    };
    for (ignore, teach) in make(VoidRule::Ignore).into_iter().zip(make(VoidRule::Background)) {
        let v: Vec<Vec<f64>> = v[..4].iter().map(|v| v[..ignore.outputs(K + 1)].to_vec()).collect();
        let (all, some) = (pixels(&v)?, pixels(&v[..2])?);
        let value = |o: &dyn Objective, v: &Tensor, y: &[u8]| scalar(&loss(o, v, y)?);
        let ignored = value(ignore.as_ref(), &all, &[0, 4, VOID, VOID])?;
        assert!((ignored - value(ignore.as_ref(), &some, &[0, 4])?).abs() < 1e-12, "{ignore:?}");
        let taught = value(teach.as_ref(), &all, &[0, 4, VOID, VOID])?;
        assert!((taught - value(teach.as_ref(), &all, &[0, 4, 0, 0])?).abs() < 1e-12, "{teach:?}");
        assert!((taught - ignored).abs() > 1e-3, "{teach:?}");
    }
    Ok(())
}

#[test]
fn a_label_that_is_no_class_is_refused() -> Result<()> {
    for (name, objective, ..) in cases() {
        let v = pixels(&[vec![0.; objective.outputs(K + 1)]])?;
        assert!(loss(objective.as_ref(), &v, &[21]).is_err(), "{name}");
    }
    Ok(())
}

#[test]
fn background_before_and_after_upsampling() -> Result<()> {
    let mut rng = seeded(5);
    let values: Vec<f64> = (0..2 * K * 12).map(|_| rng.random_range(-4. ..4.)).collect();
    let v = Tensor::from_vec(values, (2, K, 3, 4), &Device::Cpu)?;
    for form in [Form::NegLse, Form::NegMax] {
        let make = |at| {
            let background = Background { form, at };
            ObjectiveConfig::Ibe { background, void: VoidRule::Ignore, prior_bias: None }.build(false)
        };
        let early = make(At::Features).logits(&v, (17, 23))?;
        let late = make(At::FullSize).logits(&v, (17, 23))?;
        assert_eq!(early.dims(), [2, K + 1, 17, 23]);
        let foreground = |z: &Tensor| z.narrow(1, 1, K)?.flatten_all()?.to_vec1::<f64>();
        assert_eq!(foreground(&early)?, foreground(&late)?);
        // Both forms are concave: interpolating b gives at most the b of interpolated v (Jensen).
        let gap = (late.narrow(1, 0, 1)? - early.narrow(1, 0, 1)?)?.flatten_all()?.to_vec1::<f64>()?;
        assert!(gap.iter().all(|&g| g > -1e-12), "{form:?}");
        assert!(gap.iter().sum::<f64>() > 1., "{form:?}: the two must differ somewhere");
    }
    Ok(())
}

#[test]
fn scores_of_each_space() -> Result<()> {
    let z = pixels(&[vec![80., -80., 1.], vec![0., 3f64.ln(), 0.]])?;
    let objective = ibe(Form::NegLse);
    let of = |space, p: usize| {
        objective.scores(&z, space)?.i((0, .., 0, p))?.to_vec1::<f64>().map_err(Error::from)
    };
    let near = |found: Vec<f64>, wanted: [f64; 3]| {
        assert!(
            found.iter().zip(wanted).all(|(f, w)| (f - w).abs() < 1e-12),
            "{found:?}, expected {wanted:?}"
        );
    };
    near(of(ScoreSpace::Softmax, 0)?, [1., 0., 0.]);
    near(of(ScoreSpace::Softmax, 1)?, [0.2, 0.6, 0.2]);
    near(of(ScoreSpace::Sigmoid, 0)?, [1., 0., sigmoid(1.)]);
    near(of(ScoreSpace::Sigmoid, 1)?, [0.5, 0.75, 0.5]);
    near(of(ScoreSpace::Logit, 1)?, [0., 3f64.ln(), 0.]);
    assert_eq!(of(ScoreSpace::RebuildBackground, 1)?, [3f64.ln(), 0.]);
    let mean = objective.scores(&z, ScoreSpace::RebuildBackground)?;
    let rebuilt =
        objective.complete(&mean, ScoreSpace::RebuildBackground)?.i((0, .., 0, 1))?.to_vec1::<f64>()?;
    near(rebuilt, [-(4f64.ln()), 3f64.ln(), 0.]);
    Ok(())
}

#[test]
fn default_spaces() {
    let spaces = [
        (common::SOFTMAX, "softmax", ScoreSpace::Softmax),
        (common::IBE, "ibe", ScoreSpace::Softmax),
        (common::SCRIBE, "scribe", ScoreSpace::Sigmoid),
    ];
    for (config, name, space) in spaces {
        let objective = config.build(false);
        assert_eq!((objective.name(), objective.default_space()), (name, space));
    }
}

#[test]
fn recipes_read_as_documented() {
    #[derive(serde::Deserialize, serde::Serialize, PartialEq, Debug)]
    struct Recipe {
        objective: ObjectiveConfig,
    }
    let text = r#"objective = { kind = "scribe", background = { form = "neg_max", at = "full_size" },
        bce = "positive_only", reduce = "mean", void = "background", prior_bias = -2.5 }"#;
    let text = text.replace('\n', "");
    let recipe: Recipe = toml::from_str(&text).expect("the documented form");
    let background = Background { form: Form::NegMax, at: At::FullSize };
    let (bce, reduce, void) = (Bce::PositiveOnly, Reduce::Mean, VoidRule::Background);
    let expected = ObjectiveConfig::Scribe { background, bce, reduce, void, prior_bias: Some(-2.5) };
    assert_eq!(recipe.objective, expected);
    let again = toml::to_string(&recipe).expect("every setting is a table or a word");
    assert_eq!(toml::from_str::<Recipe>(&again).expect("what was written"), recipe);
    for (bad, why) in [
        (r#"objective = { kind = "softmax", void = "skip" }"#, "skip"),
        (r#"objective = { kind = "focal", void = "ignore" }"#, "focal"),
        (r#"objective = { kind = "softmax", void = "ignore", gamma = 2 }"#, "gamma"),
        (r#"objective = { kind = "softmax" }"#, "void"),
    ] {
        let error = toml::from_str::<Recipe>(bad).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}
