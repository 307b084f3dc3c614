//! PyTorch's files: both forms, any strides and number types, and what is refused.

mod common;

use candle_core::{DType, ModuleT, Tensor};
use common::hostile::zipped;
use common::{SOFTMAX, chain};
use scribe_model::{DeepLabConfig, Error, Model, PthError, Weights};
use std::path::{Path, PathBuf};
use std::process::Command;
use zip::CompressionMethod;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn stored(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pth").join(name)
}

fn values(weights: &Weights, name: &str) -> Result<Vec<f64>, Box<dyn std::error::Error>> {
    let tensor = weights.tensors().get(name).ok_or(format!("no tensor {name}"))?;
    Ok(tensor.to_dtype(DType::F64)?.flatten_all()?.to_vec1()?)
}

fn shape<'w>(weights: &'w Weights, name: &str) -> &'w [usize] {
    weights.tensors()[name].dims()
}

#[test]
fn both_forms_are_read() -> Outcome {
    for name in ["zip.pth", "legacy.pth", "legacy-protocol4.pth"] {
        let weights = Weights::read(&stored(name))?;
        assert_eq!(weights.tensors().keys().collect::<Vec<_>>(), ["module.w"], "{name}");
        assert_eq!(shape(&weights, "module.w"), [2, 3], "{name}");
        assert_eq!(values(&weights, "module.w")?, [0., 1., 2., 3., 4., 5.], "{name}");
    }
    assert_eq!(values(&Weights::read(&stored("legacy-python2.pth"))?, "w")?, [0., 1.]);
    Ok(())
}

#[test]
fn a_name_says_nothing() -> Outcome {
    let dir = tempfile::tempdir()?;
    for name in ["weights", "weights.bin", "weights.safetensors", "weights.pth.tar"] {
        let path = dir.path().join(name);
        std::fs::copy(stored("legacy.pth"), &path)?;
        assert_eq!(values(&Weights::read(&path)?, "module.w")?.len(), 6, "{name}");
    }
    let path = dir.path().join("weights.pth");
    let one = Tensor::new(&[4f32], &candle_core::Device::Cpu)?;
    candle_core::safetensors::save(&std::collections::HashMap::from([("w", one)]), &path)?;
    assert_eq!(values(&Weights::read(&path)?, "w")?, [4.]);
    Ok(())
}

#[test]
fn strides_of_any_kind() -> Outcome {
    for name in ["strides.pth", "legacy-strides.pth"] {
        let weights = Weights::read(&stored(name))?;
        let channels_last: Vec<f64> = (0..12).map(f64::from).collect();
        assert_eq!(weights.tensors()["channels_last"].dtype(), DType::F16);
        for (tensor, dims, expected) in [
            ("channels_last", &[1, 2, 2, 3][..], &channels_last[..]),
            ("transposed", &[3, 2], &[0., 3., 1., 4., 2., 5.]),
            ("sliced", &[3], &[2., 4., 6.]),
            ("shared", &[3], &[7., 8., 9.]),
            ("expanded", &[2, 3], &[5.; 6]),
            ("scalar", &[], &[7.]),
            ("empty", &[0, 3], &[]),
            ("parameter", &[2], &[0., 1.]),
        ] {
            assert_eq!(shape(&weights, tensor), dims, "{name} {tensor}");
            assert_eq!(values(&weights, tensor)?, expected, "{name} {tensor}");
        }
        assert_eq!(weights.tensors().len(), 8);
    }
    Ok(())
}

#[test]
fn number_types() -> Outcome {
    let weights = Weights::read(&stored("types.pth"))?;
    for (kind, dtype, last) in [
        ("float64", DType::F64, 3.),
        ("float32", DType::F32, 3.),
        ("float16", DType::F16, 3.),
        ("bfloat16", DType::BF16, 3.),
        ("int64", DType::I64, 3.),
        ("int32", DType::I32, 3.),
        ("int16", DType::I16, 3.),
        ("int8", DType::I16, 3.),
        ("uint8", DType::U8, 3.),
        ("bool", DType::U8, 1.),
    ] {
        assert_eq!(weights.tensors()[kind].dtype(), dtype, "{kind}");
        assert_eq!(values(&weights, kind)?, [1., 0., last], "{kind}");
    }
    let text = chain(&Weights::read(&stored("complex.pth")).unwrap_err());
    assert!(
        text.contains(
            "complex.pth: a PyTorch file that cannot be read: tensor c: number type ComplexFloatStorage"
        ),
        "{text}"
    );
    Ok(())
}

#[test]
fn a_pickled_module_is_named_with_the_cure() {
    let error = Weights::read(&stored("module.pth")).unwrap_err();
    assert!(matches!(error, Error::Pth { source: PthError::NoStateDict { .. }, .. }), "{error}");
    let text = chain(&error);
    assert!(text.contains("an object of torch.nn.modules.linear.Linear"), "{text}");
    assert!(text.contains("torch.save(torch.load(FILE, weights_only=False).state_dict(), OUT)"), "{text}");
}

#[test]
fn cut_files_say_so() -> Outcome {
    let dir = tempfile::tempdir()?;
    for name in ["zip.pth", "legacy.pth", "strides.pth", "legacy-strides.pth"] {
        let bytes = std::fs::read(stored(name))?;
        // Beyond the first bytes, which tell what the file is; the last byte of a zip file may be of a comment.
        for length in (20..bytes.len() - 1).step_by(7) {
            let path = dir.path().join(name);
            std::fs::write(&path, &bytes[..length])?;
            let text = chain(&Weights::read(&path).expect_err("a part of a file"));
            assert!(text.contains(name) && text.contains("cut; fetch it again"), "{name} {length}: {text}");
        }
    }
    Ok(())
}

type Case<'a> = (&'a str, &'a [u8], &'a [&'a str]);

/// Name, content, and what the refusal says.
const OTHERS: [Case<'static>; 10] = [
    ("page.pth", b"<!DOCTYPE html><html>", &["a web page", "curl -fL -o"]),
    ("page.safetensors", b"\n<html>", &["a web page"]),
    ("lfs.safetensors", b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", &["git lfs pull -I"]),
    ("none.pth", b"", &["an empty file", "curl -fL -o"]),
    ("packed.pth", b"\x1f\x8b\x08\0\0", &["compressed", "`gunzip -c "]),
    ("keras.pth", b"\x89HDF\r\n\x1a\n\0\0", &["HDF5", "h5py", "keras.converted.safetensors"]),
    ("net.pth", b"\x08\x08\x12\x07pytorch", &["ONNX", "onnx.load('", "net.converted.safetensors"]),
    ("array.pth", b"\x93NUMPY\x01\0", &["one NumPy array", "numpy.load('"]),
    ("plain.pth", b"\x80\x04\x95\x05\0\0\0\0\0\0\0}\x94.", &["a Python pickle", "pickle.load(open('"]),
    ("text.onnx", b"onnx", &["a text file that begins with \"onnx\""]),
];

/// Files of other programs, by their first bytes, whatever their names say.
#[test]
fn other_files_are_recognised() -> Outcome {
    let dir = tempfile::tempdir()?;
    let mut tar = vec![0; 1024];
    tar[257..262].copy_from_slice(b"ustar");
    let [npz, keras] =
        ["conv1.npy", "model.weights.h5"].map(|name| zipped(&[(name, b"")], CompressionMethod::Stored));
    let (npz, keras) = (npz?, keras?);
    let archives: [Case<'_>; 3] = [
        ("many.pth", &tar, &["a tar archive", "`tar -xf "]),
        ("arrays.pth", &npz, &["NumPy arrays", "dict(numpy.load('"]),
        ("other.pth", &keras, &["a zip archive", "it holds model.weights.h5", "unzip "]),
    ];
    for (name, bytes, words) in OTHERS.into_iter().chain(archives) {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes)?;
        let error = Weights::read(&path).unwrap_err();
        assert!(matches!(error, Error::NotWeights { .. }), "{error}");
        let text = chain(&error);
        assert!(words.iter().all(|word| text.contains(word)) && text.contains(name), "{text}");
    }
    assert!(Weights::read(dir.path()).unwrap_err().to_string().contains("expected a file"));
    let path = dir.path().join("cut.safetensors");
    std::fs::write(&path, b"\x40\0\0\0\0\0\0\0{\"a\":")?;
    assert!(Weights::read(&path).unwrap_err().to_string().contains("safetensors file that is cut"));
    Ok(())
}

/// The commands that the refusals name, run as they are printed: what they write is then read.
#[test]
fn the_commands_convert() -> Outcome {
    // A Python with torch, safetensors, h5py and onnx.
    let Ok(python) = std::env::var("SCRIBE_PYTHON") else {
        eprintln!("skipped: SCRIBE_PYTHON names no Python with torch, safetensors, h5py and onnx");
        return Ok(());
    };
    let dir = tempfile::tempdir()?;
    let run = Command::new(&python).arg(stored("make.py")).arg("--others").arg(dir.path()).output()?;
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let made = std::fs::read_dir(dir.path())?.collect::<Result<Vec<_>, _>>()?;
    assert_eq!(made.len(), 6);
    for path in made.iter().map(std::fs::DirEntry::path) {
        let text = chain(&Weights::read(&path).expect_err("no file of weights"));
        let command = text.split('`').nth(1).ok_or(text.clone())?;
        let command = command.replace("python -c", &format!("'{python}' -c"));
        let run = Command::new("sh").args(["-c", &command]).output()?;
        assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
        let stem = path.with_extension("");
        let written =
            ["converted.safetensors", "converted.pth", "unpacked"].map(|end| stem.with_extension(end));
        let written = written.iter().find(|path| path.exists()).ok_or(command)?;
        let weights = Weights::read(written)?;
        let name = weights.tensors().keys().next().ok_or("no tensor")?;
        assert_eq!(values(&weights, name)?, [0., 1., 2.], "{}", path.display());
    }
    Ok(())
}

/// torchvision's own network, in every form that torch writes, against torch's logits.
#[test]
fn torchvision_networks_in_every_form() -> Outcome {
    // A Python with torch, torchvision and safetensors.
    let Ok(python) = std::env::var("SCRIBE_PYTHON") else {
        eprintln!("skipped: SCRIBE_PYTHON names no Python with torchvision");
        return Ok(());
    };
    let dir = tempfile::tempdir()?;
    let run = Command::new(python).arg(stored("make.py")).arg("--live").arg(dir.path()).output()?;
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let batch =
        candle_core::safetensors::load(dir.path().join("batch.safetensors"), &candle_core::Device::Cpu)?;
    for (name, uncounted) in
        [("zip.pth", 0), ("legacy.pth", 0), ("no-counters.pth", 60), ("channels-last.pth", 0)]
    {
        let path = dir.path().join(name);
        let (model, report) =
            Model::load(&DeepLabConfig::torchvision(), &SOFTMAX, 21, &path, &candle_core::Device::Cpu)?;
        assert_eq!(report.uncounted.len(), uncounted, "{name}");
        assert!(
            report.left_out.len() >= 7 && report.left_out.iter().all(|n| n.starts_with("aux_classifier."))
        );
        let logits = model.forward_t(&batch["pictures"], false)?;
        let norm = |t: &Tensor| t.sqr()?.sum_all()?.to_scalar::<f32>().map(f32::sqrt);
        let error = norm(&(&logits - &batch["logits"])?)? / norm(&batch["logits"])?;
        assert!(error < 1e-4, "{name}: relative error {error:e}");
    }
    Ok(())
}
