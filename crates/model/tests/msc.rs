//! Multi-scale inference against a few lines of torch on the same weights, for every averaging space.
//!
//! `parity/msc.py` is those lines and made the stored numbers; where `SCRIBE_PYTHON` names a Python with torchvision, it is
//! run anew and its answer compared too.

mod common;

use candle_core::{DType, Device};
use common::formula::{CLASSES, batch, bits, distance, formula, number, settings};
use scribe_model::{Inference, Model, ScoreSpace};
use serde_json::Value;
use std::error::Error;
use std::path::Path;
use std::process::Command;

const SCALES: [f32; 6] = [0.5, 0.75, 1.0, 1.25, 1.5, 1.75];
/// Networks and scores are f64; their mean over 12 views is kept in f32.
const TOLERANCE: f64 = 1e-6;

#[test]
fn every_averaging_space_is_torchs() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/msc.json"))
}

#[test]
fn torch_says_so_today() -> Result<(), Box<dyn Error>> {
    let Some(python) = std::env::var_os("SCRIBE_PYTHON") else {
        eprintln!("skipped: SCRIBE_PYTHON names no Python with torchvision");
        return Ok(());
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity");
    let output = Command::new(python).arg("msc.py").current_dir(folder).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    compare(std::str::from_utf8(&output.stdout)?)
}

#[test]
fn the_default_space_is_the_objectives() -> Result<(), Box<dyn Error>> {
    let expected: Value = serde_json::from_str(include_str!("parity/msc.json"))?;
    for one in expected.as_array().ok_or("cases")? {
        let (model, x) = network(&one["case"])?;
        let how = |space| Inference::MultiScale { scales: vec![0.5, 1.0], flip: true, space };
        let default = model.predict(&x, &how(None))?;
        let own = if one["case"]["kind"] == "scribe" { ScoreSpace::Sigmoid } else { ScoreSpace::Softmax };
        assert_eq!(default.space, own);
        assert_eq!(default.classes, model.predict(&x, &how(Some(own)))?.classes);
    }
    Ok(())
}

fn compare(text: &str) -> Result<(), Box<dyn Error>> {
    let expected: Value = serde_json::from_str(text)?;
    for one in expected.as_array().ok_or("cases")? {
        let (model, x) = network(&one["case"])?;
        for (name, wanted) in one["spaces"].as_object().ok_or("spaces")? {
            let space: ScoreSpace = serde_json::from_value(Value::from(name.as_str()))?;
            let how = Inference::MultiScale { scales: SCALES.to_vec(), flip: true, space: Some(space) };
            let found = model.predict(&x, &how)?;
            assert_eq!(found.space, space);
            let place = format!("{} {name}", one["case"]["kind"]);
            let error = distance("logits", &found.logits()?, &wanted["digest"])?;
            assert!(error < TOLERANCE, "{place}: relative error {error}");
            let values = found.logits()?.flatten_all()?.to_dtype(DType::F64)?.to_vec1::<f64>()?;
            let size = number(&wanted["digest"][0])? / (values.len() as f64).sqrt();
            let samples = wanted["logits"].as_array().ok_or("samples")?;
            for (at, sample) in bits("samples", samples.len()).zip(samples) {
                let gap = (values[at as usize % values.len()] - number(sample)?).abs();
                assert!(gap < 10. * TOLERANCE * size, "{place}: {sample}, off by {gap}, typical size {size}");
            }
            let counts: Vec<usize> =
                (0..CLASSES).map(|c| found.classes.iter().filter(|&&p| p as usize == c).count()).collect();
            let torch: Vec<usize> = serde_json::from_value(wanted["pixels"].clone())?;
            let moved: usize = counts.iter().zip(&torch).map(|(a, b)| a.abs_diff(*b)).sum();
            let close = wanted["close"].as_u64().ok_or("close")? as usize;
            assert!(moved <= 2 * close, "{place}: pixels of each class {counts:?}, torch {torch:?}");
            // A handful of 7011: more would make the comparison empty.
            assert!(close <= 3, "{place}: {close} near ties");
        }
    }
    Ok(())
}

fn network(case: &Value) -> Result<(Model, candle_core::Tensor), Box<dyn Error>> {
    let (net, objective) = settings(case)?;
    let model = Model::with_dtype(&net, &objective, CLASSES, 0, DType::F64, &Device::Cpu)?;
    for (name, var) in model.parameters().named().filter(|(_, var)| var.dtype().is_float()) {
        var.set(&formula(name, var, &case["salt"])?.to_dtype(DType::F64)?)?;
    }
    Ok((model, batch(case)?.0.to_dtype(DType::F64)?))
}
