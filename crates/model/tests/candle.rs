//! Our networks with candle's own parts: weights from a `VarBuilder`, and variables in a `VarMap`.

mod common;

use candle_core::{DType, Device, ModuleT, Tensor};
use candle_nn::{Optimizer, SGD, VarBuilder, VarMap};
use common::{SCRIBE, SOFTMAX, narrow, picture};
use scribe_model::{Backbone, Decoder, DeepLabConfig, Model, ObjectiveConfig, Stride};
use std::collections::HashMap;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const CPU: Device = Device::Cpu;

fn nets() -> [(DeepLabConfig, ObjectiveConfig); 2] {
    [(narrow(Decoder::None, Stride::Eight), SOFTMAX), (narrow(Decoder::Two, Stride::Sixteen), SCRIBE)]
}

fn bits(t: &Tensor) -> candle_core::Result<Vec<u32>> {
    Ok(t.flatten_all()?.to_vec1::<f32>()?.into_iter().map(f32::to_bits).collect())
}

#[test]
fn a_file_gives_the_same_logits_through_a_var_builder_as_through_load() -> Outcome {
    let (dir, x) = (tempfile::tempdir()?, picture(2, 33, 41)?);
    let path = dir.path().join("model.safetensors");
    for (net, objective) in nets() {
        Model::new(&net, &objective, 5, 3, &CPU)?.save(&path)?;
        let loaded = Model::load(&net, &objective, 5, &path, &CPU)?.0;
        let vb = VarBuilder::from_buffered_safetensors(std::fs::read(&path)?, DType::F32, &CPU)?;
        let built = Model::from_var_builder(&net, &objective, 5, vb.clone())?;
        assert_eq!(bits(&built.forward_t(&x, false)?)?, bits(&loaded.forward_t(&x, false)?)?);
        // The backbone of the file has torchvision's names for a plain ResNet-50.
        let backbone = Backbone::from_var_builder(&net, vb.pp("backbone"))?;
        for (name, var) in backbone.parameters().trainable() {
            let other = loaded.parameters().get(&format!("backbone.{name}")).ok_or(name)?;
            assert_eq!(bits(var)?, bits(other)?, "{name}");
        }
    }
    Ok(())
}

#[test]
fn a_var_map_gives_the_same_logits_as_the_file_that_it_saves() -> Outcome {
    let (dir, x) = (tempfile::tempdir()?, picture(2, 33, 41)?);
    let path = dir.path().join("map.safetensors");
    for (net, objective) in nets() {
        let map = VarMap::new();
        let vb = VarBuilder::from_varmap(&map, DType::F32, &CPU);
        let built = Model::from_var_builder(&net, &objective, 5, vb)?;
        map.save(&path)?;
        let (loaded, report) = Model::load(&net, &objective, 5, &path, &CPU)?;
        assert_eq!(report.loaded.len(), built.parameters().named().count());
        assert_eq!(bits(&built.forward_t(&x, false)?)?, bits(&loaded.forward_t(&x, false)?)?);
    }
    Ok(())
}

#[test]
fn an_optimizer_over_the_var_map_trains_the_network() -> Outcome {
    let (net, objective) = &nets()[0];
    let map = VarMap::new();
    let model = Model::from_var_builder(net, objective, 5, VarBuilder::from_varmap(&map, DType::F32, &CPU))?;
    let x = picture(2, 33, 41)?;
    let before = bits(&model.forward_t(&x, false)?)?;
    let loss = model.forward_t(&x, true)?.sqr()?.mean_all()?;
    SGD::new(map.all_vars(), 0.1)?.backward_step(&loss)?;
    assert_ne!(before, bits(&model.forward_t(&x, false)?)?);
    Ok(())
}

/// The rules are torchvision's: a convolution of the backbone has the variance `2 / (outputs * kernel area)`.
#[test]
fn a_var_map_draws_by_torchvisions_rules() -> Outcome {
    let map = VarMap::new();
    let net = DeepLabConfig { width: 0.5, ..narrow(Decoder::None, Stride::Sixteen) };
    let backbone = Backbone::from_var_builder(&net, VarBuilder::from_varmap(&map, DType::F32, &CPU))?;
    let value = |name: &str| -> candle_core::Result<Vec<f32>> {
        backbone.parameters().get(name).expect("a torchvision name").flatten_all()?.to_vec1()
    };
    assert!(value("bn1.weight")?.iter().chain(&value("bn1.running_var")?).all(|v| *v == 1.));
    assert!(value("bn1.bias")?.iter().chain(&value("bn1.running_mean")?).all(|v| *v == 0.));
    let weights = value("layer2.0.conv2.weight")?;
    let variance = weights.iter().map(|w| f64::from(*w).powi(2)).sum::<f64>() / weights.len() as f64;
    let wanted = 2. / (64. * 9.);
    // Five standard errors of a variance over 64 * 64 * 9 draws: 5 * sqrt(2 / 36864) = 3.7 %.
    assert!((variance / wanted - 1.).abs() < 0.037, "{variance} {wanted}");
    Ok(())
}

#[test]
fn a_missing_tensor_and_another_shape_are_named_and_a_missing_counter_is_zero() -> Outcome {
    let (net, objective) = &nets()[0];
    let model = Model::new(net, objective, 5, 3, &CPU)?;
    let whole: HashMap<String, Tensor> = model.parameters().state()?.into_iter().collect();
    let build = |tensors: HashMap<String, Tensor>| {
        Model::from_var_builder(net, objective, 5, VarBuilder::from_tensors(tensors, DType::F32, &CPU))
    };
    let mut tensors = whole.clone();
    tensors.retain(|name, _| !name.ends_with(".num_batches_tracked"));
    let built = build(tensors)?;
    let counter = built.parameters().get("backbone.bn1.num_batches_tracked").ok_or("no counter")?;
    assert_eq!(counter.to_scalar::<i64>()?, 0);
    for (name, other) in [("backbone.bn1.bias", None), ("classifier.4.bias", Some(7))] {
        let mut tensors = whole.clone();
        tensors.remove(name);
        if let Some(length) = other {
            tensors.insert(name.to_string(), Tensor::zeros(length, DType::F32, &CPU)?);
        }
        let error = build(tensors).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    }
    Ok(())
}

#[test]
fn dropout_of_forward_t_follows_its_seed() -> Outcome {
    let (net, objective) = &nets()[0];
    let mut model = Model::new(net, objective, 5, 3, &CPU)?;
    let x = picture(2, 33, 41)?;
    let mut logits = |seed| -> candle_core::Result<Vec<u32>> {
        model.seed_dropout(seed);
        bits(&model.forward_t(&x, true)?)
    };
    assert_eq!(logits(5)?, logits(5)?);
    assert_ne!(logits(5)?, logits(6)?);
    Ok(())
}

/// A thread that waits for a part of one pass may take up the other, which draws dropout too.
#[test]
fn two_trainings_of_one_model_in_one_pool_do_not_wait_for_each_other() -> Outcome {
    let (done, outcome) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let run = || -> Outcome {
            let (net, objective) = &nets()[0];
            let model = Model::new(net, objective, 5, 3, &CPU)?;
            let x = picture(2, 97, 97)?;
            let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
            for _ in 0..20 {
                let pass = || model.forward_t(&x, true).map(|logits| logits.dims().to_vec());
                let (a, b) = pool.install(|| rayon::join(pass, pass));
                assert_eq!((a?, b?), (vec![2, 5, 97, 97], vec![2, 5, 97, 97]));
            }
            Ok(())
        };
        let _ = done.send(run().map_err(|error| error.to_string()));
    });
    // They take a second; this is for a machine that does much else.
    Ok(outcome.recv_timeout(std::time::Duration::from_secs(300))??)
}
