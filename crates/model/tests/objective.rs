//! The objectives: initial values, void, sizes, scores, TOML.

mod common;

use candle_core::{Device, IndexOp, Tensor};
use common::{K, background, ibe, loss, pixels, problem, scalar, scribe, seeded, sigmoid};
use rand::Rng;
use scribe_model::{
    At, Background, Bce, Error, Form, Objective, ObjectiveConfig, Reduce, Result, ScoreSpace, VoidRule,
};

const VOID: u8 = 255;

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
            let found = scalar(&loss(&objective, &v, &[label])?)?;
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
    let make = |void| -> [Objective; 4] {
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
        let value = |o: &Objective, v: &Tensor, y: &[u8]| scalar(&loss(o, v, y)?);
        let ignored = value(&ignore, &all, &[0, 4, VOID, VOID])?;
        assert!((ignored - value(&ignore, &some, &[0, 4])?).abs() < 1e-12, "{ignore:?}");
        let taught = value(&teach, &all, &[0, 4, VOID, VOID])?;
        assert!((taught - value(&teach, &all, &[0, 4, 0, 0])?).abs() < 1e-12, "{teach:?}");
        assert!((taught - ignored).abs() > 1e-3, "{teach:?}");
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
