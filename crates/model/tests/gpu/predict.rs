//! Evaluation on a GPU: classes, logits, moments, confusion and multi-scale scores, against the CPU's.

use crate::support::{flat, gpu, wave};
use candle_core::{DType, Device, Tensor};
use scribe_model::{
    At, Background, Bce, Decoder, DeepLabConfig, Error, Form, Inference, Model, ObjectiveConfig, Prediction,
    QueuedPrediction, Reduce, ScoreSpace, Stride, VoidRule,
};

const CLASSES: usize = 5;

fn objectives() -> [ObjectiveConfig; 4] {
    let (void, bce, reduce) = (VoidRule::Ignore, Bce::Full, Reduce::Sum);
    let background = |form, at| Background { form, at };
    let full_size = background(Form::NegLse, At::FullSize);
    [
        ObjectiveConfig::Softmax { void },
        ObjectiveConfig::Ibe { background: full_size, void, prior_bias: None },
        ObjectiveConfig::Ibe { background: background(Form::NegMax, At::FullSize), void, prior_bias: None },
        ObjectiveConfig::Scribe {
            background: background(Form::NegLse, At::Features),
            bce,
            reduce,
            void,
            prior_bias: None,
        },
    ]
}

/// The same small network on the CPU and on the GPU, and two pictures.
fn pair(objective: &ObjectiveConfig, align_corners: bool, dtype: DType) -> [(Model, Tensor); 2] {
    pair_of(CLASSES, objective, align_corners, dtype)
}

/// As [`pair`], of another number of classes.
fn pair_of(
    classes: usize,
    objective: &ObjectiveConfig,
    align_corners: bool,
    dtype: DType,
) -> [(Model, Tensor); 2] {
    let net = DeepLabConfig {
        decoder: Decoder::One,
        output_stride: Stride::Sixteen,
        rates: [6, 12, 18],
        bn_momentum: 0.1,
        dropout: 0.1,
        align_corners,
        width: 0.03125,
    };
    let x = wave(&[2, 3, 33, 41], 5, 2., dtype).to_dtype(dtype).unwrap();
    [Device::Cpu, gpu()].map(|device| {
        let model = Model::with_dtype(&net, objective, classes, 3, dtype, &device).unwrap();
        (model, x.to_device(&device).unwrap())
    })
}

fn largest_gap(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).fold(0., |gap, (a, b)| f64::max(gap, (a - b).abs()))
}

/// Counts, sums and products by class, from full-size logits.
fn moments(logits: &[f64], classes: &[u8]) -> Vec<f64> {
    let items = 1 + CLASSES + CLASSES * (CLASSES + 1) / 2;
    let mut sums = vec![0.; CLASSES * items];
    for (pixel, &class) in classes.iter().enumerate() {
        let z: Vec<f64> = (0..CLASSES).map(|k| logits[k * classes.len() + pixel]).collect();
        let products = (0..CLASSES).flat_map(|i| (i..CLASSES).map(move |j| (i, j)));
        let row = std::iter::once(1.).chain(z.clone()).chain(products.map(|(i, j)| z[i] * z[j]));
        let own = &mut sums[usize::from(class) * items..][..items];
        own.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    sums
}

#[test]
fn one_scale() {
    for objective in objectives() {
        for align_corners in [false, true] {
            let [cpu, gpu] = pair(&objective, align_corners, DType::F64);
            let with_moments = |(model, x): &(Model, Tensor)| {
                model.prepare().queue(x, &Inference::Single, true).and_then(QueuedPrediction::wait).unwrap()
            };
            let (wanted, got) = (with_moments(&cpu), with_moments(&gpu));
            assert_eq!(got.classes, wanted.classes, "{objective:?}");
            assert_eq!(got.space, ScoreSpace::Logit);
            let logits = flat(&wanted.logits().unwrap());
            assert!(largest_gap(&flat(&got.logits().unwrap()), &logits) < 1e-11, "{objective:?}");
            assert!(wanted.moments.is_none(), "the CPU makes them of the logits");
            let found = got.moments.as_ref().expect("a GPU sums them");
            let area = 33 * 41;
            for picture in 0..2 {
                let logits = &logits[picture * CLASSES * area..][..CLASSES * area];
                let sums = moments(logits, &wanted.classes[picture * area..][..area]);
                let found = &found[picture * sums.len()..][..sums.len()];
                assert!(largest_gap(found, &sums) < 1e-8, "{objective:?}, picture {picture}");
            }
        }
    }
}

/// Predictions that are queued before the first is waited for, by one thread and by several, are those made one by one; so are
/// they where one is never waited for.
#[test]
fn queued_predictions_do_not_touch_each_other() {
    let [_, (model, x)] = pair(&objectives()[1], false, DType::F32);
    let prepared = model.prepare();
    let pictures: Vec<Tensor> = (1..=6).map(|i| (&x * (f64::from(i) / 3.)).unwrap()).collect();
    let alone: Vec<_> = pictures
        .iter()
        .map(|x| prepared.queue(x, &Inference::Single, true).and_then(QueuedPrediction::wait).unwrap())
        .map(|prediction| (prediction.classes, prediction.moments))
        .collect();
    assert!(alone.windows(2).all(|pair| pair[0] != pair[1]), "the pictures differ in what is predicted");
    let at_once = || {
        let queue = |x| prepared.queue(x, &Inference::Single, true).unwrap();
        let mut queued: Vec<_> = pictures.iter().map(queue).collect();
        drop(queue(&pictures[0]));
        // The last one first.
        queued.reverse();
        for (queued, alone) in queued.into_iter().zip(alone.iter().rev()) {
            let Prediction { classes, moments, .. } = queued.wait().unwrap();
            assert_eq!(&(classes, moments), alone);
        }
    };
    at_once();
    std::thread::scope(|scope| (0..3).for_each(|_| drop(scope.spawn(at_once))));
}

#[test]
fn outputs_that_are_no_numbers_are_refused() {
    for dtype in [DType::F32, DType::F64] {
        let [_, (model, x)] = pair(&objectives()[0], false, dtype);
        assert!(model.predict(&x, &Inference::Single).is_ok());
        for bad in [f64::NAN, f64::INFINITY] {
            let spoiled = Tensor::full(bad, x.shape(), x.device()).unwrap().to_dtype(dtype).unwrap();
            let error = model.predict(&spoiled, &Inference::Single).unwrap_err();
            assert!(matches!(error, Error::NotFinite), "{bad} {dtype:?}: {error}");
        }
    }
}

#[test]
fn confusion() {
    let label: Vec<u8> =
        (0..2 * 33 * 41).map(|i| if i % 9 == 0 { 255 } else { (i % 13 % CLASSES) as u8 }).collect();
    for objective in objectives() {
        let counted = pair(&objective, false, DType::F64).map(|(model, x)| {
            let label = Tensor::from_slice(&label, (2, 33, 41), x.device()).unwrap();
            model.confusion(&x, &label).unwrap()
        });
        assert_eq!(counted[0], counted[1], "{objective:?}");
        let pixels = label.iter().filter(|&&l| l != 255).count() as u64;
        assert_eq!(counted[0].iter().sum::<u64>(), pixels);
    }
    let [_, (model, x)] = pair(&objectives()[0], false, DType::F64);
    let wrong = Tensor::full(7u8, (2, 33, 41), x.device()).unwrap();
    let error = model.confusion(&x, &wrong).unwrap_err().to_string();
    assert!(error.contains("below 5") && error.contains("up to 7 at 2706 pixels"), "{error}");
}

#[test]
fn confusion_of_many_classes() {
    // 109 is the most of which a block counts in shared memory (109^2 counters of 4 bytes in 47 KiB); 254 is the most
    // that a label map can have beside void.
    for classes in [109, 110, 150, 254] {
        for objective in &objectives()[..2] {
            let label: Vec<u8> = (0..2 * 33 * 41).map(|i| (i * 7 % (classes + 1)) as u8).collect();
            let label: Vec<u8> =
                label.iter().map(|&l| if usize::from(l) == classes { 255 } else { l }).collect();
            let counted = pair_of(classes, objective, false, DType::F64).map(|(model, x)| {
                let label = Tensor::from_slice(&label, (2, 33, 41), x.device()).unwrap();
                model.confusion(&x, &label).unwrap()
            });
            assert_eq!(counted[0].len(), classes * classes);
            assert_eq!(counted[0], counted[1], "{classes} classes, {objective:?}");
            let seen = counted[0].chunks(classes).filter(|row| row.iter().sum::<u64>() > 0).count();
            assert_eq!(seen, classes, "every class is labelled");
        }
    }
    let [_, (model, x)] = pair_of(254, &objectives()[0], false, DType::F64);
    let wrong = Tensor::full(254u8, (2, 33, 41), x.device()).unwrap();
    let error = model.confusion(&x, &wrong).unwrap_err().to_string();
    assert!(error.contains("below 254") && error.contains("up to 254 at 2706 pixels"), "{error}");
}

#[test]
fn several_scales() {
    for (i, objective) in objectives().iter().enumerate() {
        let [cpu, gpu] = pair(objective, i == 1, DType::F64);
        for space in
            [ScoreSpace::Softmax, ScoreSpace::Sigmoid, ScoreSpace::Logit, ScoreSpace::RebuildBackground]
        {
            let how = Inference::MultiScale { scales: vec![0.5, 1., 1.25], flip: true, space: Some(space) };
            if i == 0 && space == ScoreSpace::RebuildBackground {
                let error = gpu.0.predict(&gpu.1, &how).unwrap_err().to_string();
                assert!(error.contains("needs an implicit background"), "{error}");
                continue;
            }
            let wanted = cpu.0.predict(&cpu.1, &how).unwrap();
            let got = gpu.0.predict(&gpu.1, &how).unwrap();
            assert_eq!(got.space, space);
            let (got_scores, scores) = (flat(&got.logits().unwrap()), flat(&wanted.logits().unwrap()));
            // The CPU keeps its mean in f32, of six additions.
            let gap = largest_gap(&got_scores, &scores) / scores.iter().fold(0., |m, s| f64::max(m, s.abs()));
            assert!(
                gap < 6. * f64::from(f32::EPSILON),
                "{objective:?} {space:?}: off by {gap:e} of the largest"
            );
            let moved = got.classes.iter().zip(&wanted.classes).filter(|(a, b)| a != b).count();
            assert!(moved <= 2, "{objective:?} {space:?}: {moved} of {} classes differ", got.classes.len());
        }
    }
}
