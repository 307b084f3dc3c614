//! A model as a whole: seeds, gradients, saving and loading, prediction, bad input.

mod common;
#[path = "common/device.rs"]
mod device;

use candle_core::{DType, Device, IndexOp, ModuleT, Tensor};
use common::{IBE, SCRIBE, SOFTMAX, narrow, picture, seeded};
use device::try_every_device;
use scribe_model::{
    Decoder, Error, Inference, Model, ObjectiveConfig, Prediction, Result, ScoreSpace, Stride, input,
};

fn model(d: &Device, decoder: Decoder, objective: &ObjectiveConfig, seed: u64) -> Result<Model> {
    Model::new(&narrow(decoder, Stride::Sixteen), objective, 5, seed, d)
}

fn values(model: &Model) -> Result<Vec<f32>> {
    let mut all = Vec::new();
    for (_, var) in model.parameters().named() {
        all.extend(var.as_detached_tensor().to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>()?);
    }
    Ok(all)
}

fn batch(d: &Device, count: usize) -> Result<(Tensor, Tensor)> {
    let labels: Vec<u8> =
        (0..count * 33 * 41).map(|i| if i % 17 == 0 { 255 } else { (i / 50 % 5) as u8 }).collect();
    Ok((picture(count, 33, 41)?.to_device(d)?, input::labels(&labels, [count, 33, 41], d)?))
}

#[test]
fn the_seed_decides_every_byte() -> Result<()> {
    try_every_device(|d| {
        let first = values(&model(d, Decoder::One, &IBE, 3)?)?;
        assert_eq!(first, values(&model(d, Decoder::One, &IBE, 3)?)?);
        assert_ne!(first, values(&model(d, Decoder::One, &IBE, 4)?)?);
        Ok(())
    })
}

#[test]
fn every_parameter_receives_a_finite_gradient() -> Result<()> {
    try_every_device(|d| {
        let (x, y) = batch(d, 2)?;
        for objective in [SOFTMAX, IBE, SCRIBE] {
            for decoder in [Decoder::None, Decoder::One, Decoder::Two] {
                let model = model(d, decoder, &objective, 1)?;
                let gradients = model.loss(&x, &y, &mut seeded(7))?.backward()?;
                for (name, var) in model.parameters().trainable() {
                    let gradient = gradients.get(var).unwrap_or_else(|| panic!("{name} has no gradient"));
                    let norm = gradient.sqr()?.sum_all()?.to_scalar::<f32>()?;
                    assert!(norm.is_finite() && norm > 0., "{decoder:?} {name}: squared norm {norm}");
                }
            }
        }
        Ok(())
    })
}

#[test]
fn training_moves_the_running_statistics_and_evaluation_does_not() -> Result<()> {
    try_every_device(|d| {
        let (x, y) = batch(d, 2)?;
        let model = model(d, Decoder::One, &SOFTMAX, 1)?;
        let before = values(&model)?;
        let logits = model.forward_t(&x, false)?;
        assert!(!logits.track_op(), "evaluation must keep no graph");
        assert_eq!(before, values(&model)?);
        model.loss(&x, &y, &mut seeded(0))?;
        assert_ne!(before, values(&model)?);
        let tracked = model.parameters().get("backbone.bn1.num_batches_tracked").expect("a torchvision name");
        assert_eq!(tracked.to_scalar::<i64>()?, 1);
        Ok(())
    })
}

#[test]
fn dropout_follows_its_generator() -> Result<()> {
    try_every_device(|d| {
        let (x, y) = batch(d, 2)?;
        let model = model(d, Decoder::None, &SOFTMAX, 1)?;
        let loss = |seed| -> Result<f32> { Ok(model.loss(&x, &y, &mut seeded(seed))?.to_scalar()?) };
        assert_eq!(loss(5)?, loss(5)?);
        assert_ne!(loss(5)?, loss(6)?);
        Ok(())
    })
}

#[test]
fn a_picture_is_predicted_alike_alone_and_in_a_batch() -> Result<()> {
    // On a GPU cuDNN may take another algorithm for another number of pictures.
    let d = &Device::Cpu;
    let x = picture(3, 45, 38)?.to_device(d)?;
    let model = model(d, Decoder::Two, &SCRIBE, 2)?;
    let all = model.predict(&x, &Inference::Single)?;
    let alone = model.predict(&x.i(1..2)?, &Inference::Single)?;
    let bits = |t: &Tensor| -> Result<Vec<u32>> {
        Ok(t.flatten_all()?.to_vec1::<f32>()?.into_iter().map(f32::to_bits).collect())
    };
    assert_eq!(bits(&all.logits()?.i(1..2)?)?, bits(&alone.logits()?)?);
    assert_eq!(all.classes[45 * 38..2 * 45 * 38], alone.classes);
    assert_eq!(all.logits()?.dims(), [3, 5, 45, 38]);
    Ok(())
}

#[test]
fn one_scale_of_one_is_the_single_scale() -> Result<()> {
    try_every_device(|d| {
        let x = picture(1, 40, 48)?.to_device(d)?;
        let model = model(d, Decoder::One, &IBE, 2)?;
        let single = model.predict(&x, &Inference::Single)?;
        let how = Inference::MultiScale { scales: vec![1.], flip: false, space: Some(ScoreSpace::Logit) };
        let one = model.predict(&x, &how)?;
        assert_eq!(single.classes, one.classes);
        let logits = |p: &Prediction| -> Result<Vec<f32>> { Ok(p.logits()?.flatten_all()?.to_vec1()?) };
        let (single, one) = (logits(&single)?, logits(&one)?);
        assert_eq!(single.len(), one.len());
        let different = single.iter().zip(&one).enumerate().find(|(_, (single, one))| single != one);
        assert_eq!(different, None, "the first logit that differs: number, of one scale, of several");
        Ok(())
    })
}

#[test]
fn a_flipped_average_is_the_mean_of_both_views() -> Result<()> {
    try_every_device(|d| {
        let x = picture(2, 40, 47)?.to_device(d)?;
        for (objective, space) in
            [(SOFTMAX, ScoreSpace::Softmax), (SCRIBE, ScoreSpace::Sigmoid), (IBE, ScoreSpace::Logit)]
        {
            let model = model(d, Decoder::One, &objective, 2)?;
            let how = Inference::MultiScale { scales: vec![1.], flip: true, space: Some(space) };
            let found = model.predict(&x, &how)?;
            let logits = found.logits()?.to_device(&Device::Cpu)?;
            let scores = |x: &Tensor| -> Result<Tensor> {
                let z = model.forward_t(x, false)?.to_device(&Device::Cpu)?;
                Ok(match space {
                    ScoreSpace::Softmax => candle_nn::ops::softmax(&z, 1)?,
                    ScoreSpace::Sigmoid => candle_nn::ops::sigmoid(&z)?,
                    _ => z,
                })
            };
            let wanted = ((scores(&x)? + scores(&x.flip(&[3])?)?.flip(&[3])?)? / 2.)?;
            let gap = (&logits - &wanted)?.abs()?.max_all()?.to_scalar::<f32>()?;
            assert!(gap < 2e-6, "{space:?}: {gap}");
            let classes = logits.argmax(1)?.to_dtype(DType::U8)?.flatten_all()?.to_vec1::<u8>()?;
            assert_eq!(found.classes, classes);
        }
        Ok(())
    })
}

#[test]
fn flipping_the_picture_flips_a_flipped_average() -> Result<()> {
    try_every_device(|d| {
        let x = picture(1, 40, 47)?.to_device(d)?;
        for objective in [SOFTMAX, IBE, SCRIBE] {
            let model = model(d, Decoder::One, &objective, 2)?;
            let how = Inference::MultiScale { scales: vec![0.75, 1.25], flip: true, space: None };
            let straight = model.predict(&x, &how)?;
            let mirrored = model.predict(&x.flip(&[3])?, &how)?;
            assert_eq!(straight.space, model.objective().default_space());
            let gap = (straight.logits()? - mirrored.logits()?.flip(&[3])?)?
                .abs()?
                .max_all()?
                .to_scalar::<f32>()?;
            assert!(gap < 1e-5, "{}: {gap}", model.objective().name());
        }
        Ok(())
    })
}

#[test]
fn the_background_is_rebuilt_only_where_it_is_implicit() -> Result<()> {
    try_every_device(|d| {
        let x = picture(1, 40, 47)?.to_device(d)?;
        let space = Some(ScoreSpace::RebuildBackground);
        let how = Inference::MultiScale { scales: vec![1., 1.5], flip: false, space };
        let rebuilt = model(d, Decoder::One, &SCRIBE, 2)?.predict(&x, &how)?.logits()?;
        let b = rebuilt.i((.., 0..1))?;
        let lse = rebuilt.i((.., 1..))?.log_sum_exp(1)?.unsqueeze(1)?;
        assert!((b + lse)?.abs()?.max_all()?.to_scalar::<f32>()? < 1e-5);
        let error = model(d, Decoder::One, &SOFTMAX, 2)?.predict(&x, &how).unwrap_err();
        assert!(matches!(error, Error::Space { objective: "softmax", .. }), "{error}");
        Ok(())
    })
}

#[test]
fn one_picture_cannot_train_the_pooling_branch() -> Result<()> {
    try_every_device(|d| {
        let (x, y) = batch(d, 1)?;
        let error = model(d, Decoder::One, &SOFTMAX, 1)?.loss(&x, &y, &mut seeded(0)).unwrap_err();
        assert!(error.to_string().contains("classifier.aspp.convs.4.2"), "{error}");
        Ok(())
    })
}

#[test]
fn settings_outside_their_range_are_named() {
    let good = narrow(Decoder::One, Stride::Eight);
    let bad = [
        (scribe_model::DeepLabConfig { rates: [6, 0, 18], ..good.clone() }, "rates = [6, 0, 18]"),
        (scribe_model::DeepLabConfig { bn_momentum: 0., ..good.clone() }, "bn_momentum = 0"),
        (scribe_model::DeepLabConfig { dropout: 1., ..good.clone() }, "dropout = 1"),
        (scribe_model::DeepLabConfig { width: f64::NAN, ..good.clone() }, "width = NaN"),
    ];
    for (net, expected) in bad {
        let error = Model::new(&net, &SOFTMAX, 5, 0, &Device::Cpu).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let error = Model::new(&good, &SOFTMAX, 256, 0, &Device::Cpu).unwrap_err().to_string();
    assert!(error.starts_with("classes = 256"), "{error}");
}
