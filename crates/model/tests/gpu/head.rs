//! The fused head: losses and gradients from the network's outputs, against the CPU's operators in f64.

use crate::support::{assert_near, flat, gpu, wave};
use candle_core::{DType, Device, Tensor, Var};
use scribe_model::{At, Background, Bce, Form, Objective, ObjectiveConfig, Reduce, VoidRule, ops};

const VOID: u8 = 255;

/// Every objective with every choice that the kernels know.
fn objectives(align_corners: bool) -> Vec<(String, Objective)> {
    let mut configs = vec![];
    for void in [VoidRule::Ignore, VoidRule::Background] {
        configs.push(ObjectiveConfig::Softmax { void });
        for (form, at) in
            [(Form::NegLse, At::FullSize), (Form::NegMax, At::FullSize), (Form::NegLse, At::Features)]
        {
            let background = Background { form, at };
            configs.push(ObjectiveConfig::Ibe { background, void, prior_bias: None });
            for (bce, reduce) in [
                (Bce::Full, Reduce::Sum),
                (Bce::Full, Reduce::Mean),
                (Bce::PositiveOnly, Reduce::Sum),
                (Bce::PositiveOnly, Reduce::Mean),
            ] {
                configs.push(ObjectiveConfig::Scribe { background, bce, reduce, void, prior_bias: None });
            }
        }
    }
    configs.into_iter().map(|c| (format!("{c:?} align {align_corners}"), c.build(align_corners))).collect()
}

/// Labels below `classes` with some void ones, by a formula.
fn labels(images: usize, (h, w): (usize, usize), classes: usize) -> Tensor {
    let label = |i: usize| if i % 7 == 3 { VOID } else { (i * 31 % 101 % classes) as u8 };
    Tensor::from_vec((0..images * h * w).map(label).collect::<Vec<_>>(), (images, h, w), &Device::Cpu)
        .unwrap()
}

/// The loss and the gradient of three times it with respect to `v`.
fn both(objective: &Objective, v: &Tensor, label: &Tensor) -> (Tensor, Tensor) {
    let v = Var::from_tensor(v).unwrap();
    let loss = objective.loss_of_outputs(&v, label).unwrap();
    let gradients = (&loss * 3.).unwrap().backward().unwrap();
    (loss, gradients.get(&v).expect("a gradient").clone())
}

fn largest_gap(a: &Tensor, b: &Tensor) -> f64 {
    assert_eq!(a.dims(), b.dims());
    let (a, b) = (flat(a), flat(b));
    let size = b.iter().fold(0f64, |m, b| m.max(b.abs())).max(1e-30);
    a.iter().zip(&b).fold(0f64, |m, (a, b)| m.max((a - b).abs())) / size
}

/// Classes, size of the outputs, size of the labels.
type Case = (usize, (usize, usize), (usize, usize));

/// Four times larger, odd ratios, the same size, smaller, a single output, more channels than a warp has lanes.
const CASES: [Case; 8] = [
    (21, (3, 4), (12, 16)),
    (5, (3, 5), (11, 17)),
    (3, (4, 6), (4, 6)),
    (4, (7, 5), (3, 2)),
    (2, (1, 1), (5, 4)),
    (4, (2, 3), (1, 1)),
    (40, (2, 2), (5, 3)),
    (150, (2, 1), (3, 3)),
];

fn compare(dtype: DType, tolerance: f64) {
    let gpu = gpu();
    for (i, &(classes, inner, outer)) in CASES.iter().enumerate() {
        for (name, objective) in objectives(i % 2 == 1) {
            let shape = [2, objective.outputs(classes), inner.0, inner.1];
            let (v, label) = (wave(&shape, i, 4., dtype), labels(2, outer, classes));
            let wanted = both(&objective, &v, &label);
            let on_gpu = v.to_dtype(dtype).unwrap().to_device(&gpu).unwrap();
            let got = both(&objective, &on_gpu, &label.to_device(&gpu).unwrap());
            for (what, got, wanted) in [("loss", &got.0, &wanted.0), ("gradient", &got.1, &wanted.1)] {
                let gap = largest_gap(got, wanted);
                assert!(
                    gap < tolerance,
                    "{name}, {classes} classes {inner:?} to {outer:?}: {what} off by {gap:e}"
                );
            }
        }
    }
}

#[test]
fn f64_is_the_cpus() {
    compare(DType::F64, 1e-12);
}

#[test]
fn f32_is_the_cpus() {
    compare(DType::F32, 1e-5);
}

#[test]
fn bf16_is_the_cpus_on_the_same_outputs() {
    // Of a background logit at the size of the features, and of the gradient, eight bits are kept.
    compare(DType::BF16, 2e-2);
}

#[test]
fn central_differences_in_f64() {
    let gpu = gpu();
    let (classes, inner, outer) = CASES[1];
    for (name, objective) in objectives(false) {
        let shape = [1, objective.outputs(classes), inner.0, inner.1];
        let v = wave(&shape, 3, 2., DType::F64);
        let label = labels(1, outer, classes).to_device(&gpu).unwrap();
        let (_, gradient) = both(&objective, &v.to_device(&gpu).unwrap(), &label);
        let (values, gradient) = (flat(&v), flat(&gradient));
        let loss = |at: usize, step: f64| {
            let mut moved = values.clone();
            moved[at] += step;
            let moved = Tensor::from_vec(moved, &shape, &gpu).unwrap();
            3. * objective.loss_of_outputs(&moved, &label).unwrap().to_vec0::<f64>().unwrap()
        };
        for at in (0..values.len()).step_by(11) {
            let slope = (loss(at, 1e-5) - loss(at, -1e-5)) / 2e-5;
            assert!((slope - gradient[at]).abs() < 1e-8, "{name}, output {at}: {} for {slope}", gradient[at]);
        }
    }
}

#[test]
fn full_size_logits_have_the_same_loss() {
    let gpu = gpu();
    for dtype in [DType::F64, DType::F32] {
        for (name, objective) in objectives(false) {
            let (z, label) = (wave(&[2, 5, 9, 31], 1, 5., dtype), labels(2, (9, 31), 5));
            let run = |z: &Tensor, label: &Tensor| {
                let z = Var::from_tensor(z).unwrap();
                let loss = objective.loss(&z, label).unwrap();
                let gradients = (&loss * 0.5).unwrap().backward().unwrap();
                (loss, gradients.get(&z).expect("a gradient").clone())
            };
            let wanted = run(&z, &label);
            let got =
                run(&z.to_dtype(dtype).unwrap().to_device(&gpu).unwrap(), &label.to_device(&gpu).unwrap());
            let tolerance = if dtype == DType::F64 { 1e-13 } else { 1e-5 };
            let gap = largest_gap(&got.0, &wanted.0).max(largest_gap(&got.1, &wanted.1));
            assert!(gap < tolerance, "{name} {dtype:?}: off by {gap:e}");
        }
    }
}

#[test]
fn void_alone_gives_nothing() {
    let gpu = gpu();
    let label = Tensor::full(VOID, (1, 6, 6), &gpu).unwrap();
    let v = wave(&[1, 4, 3, 3], 0, 4., DType::F32).to_dtype(DType::F32).unwrap().to_device(&gpu).unwrap();
    let softmax = ObjectiveConfig::Softmax { void: VoidRule::Ignore }.build(false);
    let (loss, gradient) = both(&softmax, &v, &label);
    assert_eq!(loss.to_vec0::<f32>().unwrap(), 0.);
    assert!(flat(&gradient).iter().all(|&g| g == 0.));
}

#[test]
fn labels_that_are_no_class_are_named() {
    let gpu = gpu();
    let softmax = ObjectiveConfig::Softmax { void: VoidRule::Ignore }.build(false);
    let label = Tensor::new(&[[[0u8, 1, 9], [7, 255, 2]]], &gpu).unwrap();
    for size in [(1, 2), (2, 3)] {
        let v = Tensor::zeros((1, 4, size.0, size.1), DType::F32, &gpu).unwrap();
        let error = softmax.loss_of_outputs(&v, &label).unwrap_err().to_string();
        assert!(error.contains("below 4") && error.contains("up to 9 at 2 pixels"), "{error}");
    }
    let z = Tensor::zeros((1, 4, 2, 3), DType::F32, &gpu).unwrap();
    let error = softmax.loss(&z, &label).unwrap_err().to_string();
    assert!(error.contains("below 4") && error.contains("at 2 pixels"), "{error}");
}

#[test]
fn large_outputs_stay_finite() {
    let gpu = gpu();
    for (name, objective) in objectives(false) {
        let v = wave(&[1, objective.outputs(5), 3, 3], 2, 3e4, DType::F32);
        let label = labels(1, (7, 7), 5);
        let wanted = both(&objective, &v, &label);
        let got = both(
            &objective,
            &v.to_dtype(DType::F32).unwrap().to_device(&gpu).unwrap(),
            &label.to_device(&gpu).unwrap(),
        );
        assert!(flat(&got.0).iter().chain(&flat(&got.1)).all(|x| x.is_finite()), "{name}");
        assert!(largest_gap(&got.0, &wanted.0) < 1e-5, "{name}");
    }
}

#[test]
fn the_same_bytes_every_time() {
    let gpu = gpu();
    let v = wave(&[2, 20, 5, 6], 9, 4., DType::F32).to_dtype(DType::F32).unwrap().to_device(&gpu).unwrap();
    let label = labels(2, (21, 23), 21).to_device(&gpu).unwrap();
    let (_, objective) = objectives(false).swap_remove(2);
    let (first, second) = (both(&objective, &v, &label), both(&objective, &v, &label));
    assert_eq!(flat(&first.0), flat(&second.0));
    assert_eq!(flat(&first.1), flat(&second.1));
}

#[test]
fn classes_of_ties_and_nans_are_the_cpus() {
    let nan = f32::NAN;
    let planes = [[1., 2., nan, 0., -1.], [1., 3., 5., nan, -1.], [0., 3., nan, nan, f32::INFINITY]];
    let z = Tensor::new(&planes, &Device::Cpu).unwrap().reshape((1, 3, 1, 5)).unwrap();
    let wanted = ops::argmax_channels(&z).unwrap();
    assert_eq!(wanted, [0, 1, 0, 1, 2]);
    assert_eq!(ops::argmax_channels(&z.to_device(&gpu()).unwrap()).unwrap(), wanted);
    let z = wave(&[2, 7, 13, 29], 4, 3., DType::F32).to_dtype(DType::F32).unwrap();
    let wanted = ops::argmax_channels(&z).unwrap();
    assert_eq!(ops::argmax_channels(&z.to_device(&gpu()).unwrap()).unwrap(), wanted);
    assert_near("the input", &z.to_device(&gpu()).unwrap(), &z, 0.);
}
