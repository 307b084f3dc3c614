//! Twenty steps of SGD follow PyTorch's losses, for each objective.
//!
//! `crates/model/tests/parity/trajectory.py` made the expected losses in f64; network, start and batches are the
//! formula of `export.py` beside it.

#[path = "../../model/tests/common/formula.rs"]
#[allow(dead_code, reason = "the parity test uses the rest")]
mod formula;

use candle_core::Device;
use candle_nn::Optimizer;
use formula::{CLASSES, batch, formula, number, settings};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scribe_model::Model;
use scribe_train::{GroupLr, Parameter, Per, Poly, Sgd, SgdConfig};
use serde_json::Value;
use std::error::Error;

/// Largest relative difference of a loss. Torch's own f32 is within 3e-7 of its f64 (trajectory.py prints it).
const TOLERANCE: f64 = 1e-3;

#[test]
fn softmax_follows_torch() -> Result<(), Box<dyn Error>> {
    follow("softmax")
}

#[test]
fn ibe_follows_torch() -> Result<(), Box<dyn Error>> {
    follow("ibe")
}

#[test]
fn scribe_follows_torch() -> Result<(), Box<dyn Error>> {
    follow("scribe")
}

fn follow(objective: &str) -> Result<(), Box<dyn Error>> {
    let stored: Value = serde_json::from_str(include_str!("../../model/tests/parity/trajectory.json"))?;
    let mut case = stored["case"].clone();
    let own = stored["objectives"][objective]["objective"].as_object().ok_or("objective")?;
    for (key, value) in own {
        case[key] = value.clone();
    }
    let expected = stored["objectives"][objective]["losses"].as_array().ok_or("losses")?;
    assert_eq!(expected.len(), 20);
    let found = losses(&stored, &case)?;
    for (step, (found, expected)) in found.iter().zip(expected).enumerate() {
        let expected = number(expected)?;
        let error = (found / expected - 1.).abs();
        assert!(error < TOLERANCE, "{objective}, step {step}: loss {found}, torch {expected}");
    }
    Ok(())
}

fn losses(stored: &Value, case: &Value) -> Result<Vec<f64>, Box<dyn Error>> {
    let (net, objective) = settings(case)?;
    let model = Model::new(&net, &objective, CLASSES, 0, &Device::Cpu)?;
    for (name, var) in model.parameters().named().filter(|(_, var)| var.dtype().is_float()) {
        var.set(&formula(name, var, &case["salt"])?)?;
    }
    let parameters = model.parameters().trainable().map(|(name, var)| Parameter::named(name, var));
    let config = SgdConfig { learning_rate: 0., momentum: 0.9, weight_decay: 5e-5 };
    let mut sgd = Sgd::with_groups(parameters.collect(), config)?;
    let poly = Poly { power: number(&stored["power"])?, per: Per::Step };
    let steps = stored["steps"].as_u64().ok_or("steps")?;
    let lr = |group: &str| number(&stored["lr"][group]);
    let lr = GroupLr { backbone: lr("backbone")?, head: lr("head")? };
    let mut losses = Vec::new();
    for step in 0..steps {
        let mut case = case.clone();
        case["salt"] = step.into();
        let (x, y) = batch(&case)?;
        // Without dropout nothing is drawn.
        let loss = model.loss(&x, &y, &mut ChaCha8Rng::seed_from_u64(0))?;
        sgd.set_group_lr(lr.scaled(poly.factor(step, steps, steps)));
        sgd.backward_step(&loss)?;
        losses.push(f64::from(loss.to_scalar::<f32>()?));
    }
    Ok(losses)
}
