//! Losses and classes that are read from the network's outputs, against the same from logits at full size.

mod common;

use candle_core::{DType, Device, Tensor, Var};
use common::seeded;
use rand::Rng;
use scribe_model::{
    At, Background, Bce, Decoder, Form, Inference, Model, Objective, ObjectiveConfig, Reduce, Result,
    VoidRule, input, ops,
};

const VOID: u8 = 255;

/// Classes, size of the outputs, size of the labels: four times larger, odd ratios, the same size, smaller, rows longer
/// than the pixels that are handled at once, a single output, one side alone.
type Case = (usize, (usize, usize), (usize, usize));
const CASES: [Case; 8] = [
    (21, (3, 4), (12, 16)),
    (5, (3, 5), (11, 17)),
    (21, (6, 70), (6, 70)),
    (4, (9, 8), (5, 3)),
    (40, (7, 33), (28, 130)),
    (3, (1, 1), (6, 5)),
    (7, (5, 6), (5, 13)),
    (2, (4, 3), (9, 3)),
];

/// Every objective with every choice.
fn objectives(align_corners: bool) -> Vec<Objective> {
    let mut configs = vec![];
    for void in [VoidRule::Ignore, VoidRule::Background] {
        configs.push(ObjectiveConfig::Softmax { void });
        for form in [Form::NegLse, Form::NegMax] {
            for at in [At::FullSize, At::Features] {
                let background = Background { form, at };
                configs.push(ObjectiveConfig::Ibe { background, void, prior_bias: None });
                for bce in [Bce::Full, Bce::PositiveOnly] {
                    for reduce in [Reduce::Sum, Reduce::Mean] {
                        let prior_bias = None;
                        configs.push(ObjectiveConfig::Scribe { background, bce, reduce, void, prior_bias });
                    }
                }
            }
        }
    }
    configs.iter().map(|config| config.build(align_corners)).collect()
}

/// Outputs of two images, their channels last or not, and labels of which some are void.
fn problem(
    objective: &Objective,
    (classes, inner, outer): Case,
    channels_last: bool,
) -> Result<(Tensor, Tensor)> {
    let mut rng = seeded(7);
    let channels = objective.outputs(classes);
    let values: Vec<f64> =
        (0..2 * inner.0 * inner.1 * channels).map(|_| rng.random_range(-6. ..6.)).collect();
    let v = if channels_last {
        Tensor::from_vec(values, (2, inner.0, inner.1, channels), &Device::Cpu)?.permute((0, 3, 1, 2))?
    } else {
        Tensor::from_vec(values, (2, channels, inner.0, inner.1), &Device::Cpu)?
    };
    let label = |_| if rng.random_bool(0.2) { VOID } else { rng.random_range(0..classes) as u8 };
    let labels: Vec<u8> = (0..2 * outer.0 * outer.1).map(label).collect();
    Ok((v, Tensor::from_vec(labels, (2, outer.0, outer.1), &Device::Cpu)?))
}

fn flat(x: &Tensor) -> Result<Vec<f64>> {
    Ok(x.to_dtype(DType::F64)?.flatten_all()?.to_vec1()?)
}

fn assert_near(found: &Tensor, wanted: &Tensor, tolerance: f64, what: &str) -> Result<()> {
    assert_eq!(found.dims(), wanted.dims(), "{what}");
    let (found, wanted) = (flat(found)?, flat(wanted)?);
    let size = wanted.iter().fold(1e-30f64, |size, v| size.max(v.abs()));
    let gap = found.iter().zip(&wanted).fold(0f64, |gap, (f, w)| gap.max((f - w).abs()));
    assert!(gap <= tolerance * size, "{what}: off by {gap:e}, the largest is {size:e}");
    Ok(())
}

#[test]
fn losses_of_outputs_are_those_of_logits_at_full_size() -> Result<()> {
    for (i, case) in CASES.into_iter().enumerate() {
        for objective in objectives(i % 2 == 1) {
            let what = format!("{objective:?} {case:?}");
            let (v, label) = problem(&objective, case, i % 3 == 0)?;
            // The long way: each operator by itself, and candle's chain rule.
            let var = Var::from_tensor(&v)?;
            let logits = objective.logits(&var, case.2)?;
            let wanted = objective.loss(&logits, &label)?;
            let gradients = (&wanted * 3.)?.backward()?;
            let wanted_gradient = (gradients.get(&var).expect("v has a gradient") / 3.)?;
            let (loss, gradient) = objective.loss_and_gradient(&v, &label)?;
            // Both are sums of the same terms in f64, in another order.
            assert_near(&loss, &wanted, 1e-13, &what)?;
            assert_near(&gradient, &wanted_gradient, 1e-12, &what)?;
            let in_graph = objective.loss_of_outputs(&var, &label)?;
            assert_eq!(flat(&in_graph)?, flat(&loss)?, "{what}");
            let gradients = (in_graph * 3.)?.backward()?;
            let gradient = (gradients.get(&var).expect("v has a gradient") / 3.)?;
            assert_near(&gradient, &wanted_gradient, 1e-12, &what)?;
            let (single, _) = objective.loss_and_gradient(&v.to_dtype(DType::F32)?, &label)?;
            // Rounding of outputs of up to 6, and of the functions of them, in f32.
            assert_near(&single, &wanted, 1e-5, &what)?;
        }
    }
    Ok(())
}

#[test]
fn nothing_depends_on_the_number_of_threads() -> Result<()> {
    let case = (21, (40, 31), (150, 123));
    let with_threads = |threads: usize, objective: &Objective| -> Result<[Vec<f64>; 2]> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a few threads");
        let (v, label) = problem(objective, case, true)?;
        let (loss, gradient) =
            pool.install(|| objective.loss_and_gradient(&v.to_dtype(DType::F32)?, &label))?;
        Ok([flat(&loss)?, flat(&gradient)?])
    };
    for objective in objectives(false).iter().step_by(5) {
        let one = with_threads(1, objective)?;
        assert!(one == with_threads(2, objective)? && one == with_threads(5, objective)?, "{objective:?}");
    }
    Ok(())
}

#[test]
fn labels_of_other_shapes_are_refused() -> Result<()> {
    let objective = ObjectiveConfig::Softmax { void: VoidRule::Ignore }.build(false);
    let v = Tensor::zeros((2, 3, 4, 5), DType::F32, &Device::Cpu)?;
    let refused = |label: Tensor| objective.loss_of_outputs(&v, &label).unwrap_err().to_string();
    let wrong = refused(Tensor::zeros((3, 8, 8), DType::U8, &Device::Cpu)?);
    assert!(wrong.contains("[2, height, width]"), "{wrong}");
    let wrong = refused(Tensor::zeros((2, 8, 8), DType::U32, &Device::Cpu)?);
    assert!(wrong.contains("U32"), "{wrong}");
    let wrong = refused(Tensor::full(9u8, (2, 8, 8), &Device::Cpu)?);
    assert!(wrong.contains("labels below 3, got 9 at 128 pixels"), "{wrong}");
    Ok(())
}

#[test]
fn predictions_are_the_first_largest_of_their_logits() -> Result<()> {
    let images: Vec<Vec<u8>> =
        (0..2u32).map(|n| (0..45 * 70 * 3u32).map(|i| (i * i % 251 + n * 7) as u8).collect()).collect();
    let images: Vec<&[u8]> = images.iter().map(Vec::as_slice).collect();
    let x = input::from_rgb(&images, 45, 70, &Device::Cpu)?;
    for at in [At::Features, At::FullSize] {
        let background = Background { form: Form::NegLse, at };
        let config = ObjectiveConfig::Ibe { background, void: VoidRule::Ignore, prior_bias: None };
        let net = common::narrow(Decoder::Two, scribe_model::Stride::Sixteen);
        let model = Model::new(&net, &config, 5, 3, &Device::Cpu)?;
        let prediction = model.predict(&x, &Inference::Single)?;
        let logits = prediction.logits()?;
        assert!(logits.is_contiguous() && logits.dims() == [2, 5, 45, 70]);
        assert_eq!(prediction.classes, ops::argmax_channels(&logits)?);
        for image in 0..2 {
            assert_eq!(prediction.planes(image)?, logits.get(image)?.flatten_all()?.to_vec1::<f32>()?);
        }
    }
    Ok(())
}
