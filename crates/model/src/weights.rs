//! Weights from and to files: names, shapes, and a report of what did not fit.

use crate::parameters::Parameters;
use crate::{Error, Result};
use candle_core::{Device, Tensor};
use std::collections::BTreeMap;
use std::path::Path;

/// What a file gave to a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadReport {
    /// Names (the network's) that the file gave.
    pub loaded: Vec<String>,
    /// Names of the network that the file does not have: they keep their values.
    pub missing: Vec<String>,
    /// Names of the file (its own spelling) that the network does not have.
    pub unused: Vec<String>,
}

impl LoadReport {
    /// # Errors
    /// [`Error::Incomplete`] when anything is missing or unused.
    pub fn complete(&self, path: &Path) -> Result<()> {
        if self.missing.is_empty() && self.unused.is_empty() {
            return Ok(());
        }
        let first = |names: &[String]| names.first().cloned().unwrap_or_else(|| "-".to_string());
        Err(Error::Incomplete {
            path: path.to_path_buf(),
            missing: self.missing.len(),
            first_missing: first(&self.missing),
            unused: self.unused.len(),
            first_unused: first(&self.unused),
        })
    }
}

/// What to do with a tensor of the network's name and another shape.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OtherShape {
    /// An error.
    Refuse,
    /// It stays unused, as a classifier for other classes does.
    Leave,
}

/// Copies what fits into the parameters; nothing is changed on an error.
pub(crate) fn load(parameters: &Parameters, path: &Path, other: OtherShape) -> Result<LoadReport> {
    let state = read(path)?;
    let mut report = LoadReport { loaded: Vec::new(), missing: Vec::new(), unused: Vec::new() };
    let mut found = BTreeMap::new();
    for (name, tensor) in &state {
        match place(parameters, name) {
            Some(place) if other == OtherShape::Leave && !fits(parameters, &place, tensor) => {
                report.unused.push(name.clone());
            }
            Some(place) => drop(found.insert(place, tensor)),
            None => report.unused.push(name.clone()),
        }
    }
    check_shapes(parameters, &found, path)?;
    for (name, var) in parameters.named() {
        match found.get(name) {
            Some(tensor) => {
                var.set(&tensor.to_device(parameters.device())?.to_dtype(var.dtype())?)?;
                report.loaded.push(name.to_string());
            }
            None => report.missing.push(name.to_string()),
        }
    }
    if report.loaded.is_empty() {
        let some: Vec<_> = state.keys().take(3).map(String::as_str).collect();
        let reason =
            format!("none of its {} names is the network's (first: {})", state.len(), some.join(", "));
        return Err(Error::Weights { path: path.to_path_buf(), reason });
    }
    tracing::debug!(path = %path.display(), loaded = report.loaded.len(), missing = ?report.missing,
        unused = ?report.unused, "weights read");
    Ok(report)
}

/// Writes all tensors as `.safetensors`, through a temporary file in the same folder.
pub(crate) fn save(parameters: &Parameters, path: &Path) -> Result<()> {
    let io = |source| Error::Io { path: path.to_path_buf(), source };
    let tensors = parameters.named().map(|(name, var)| (name, var.as_detached_tensor()));
    let bytes = safetensors::serialize(tensors, None)
        .map_err(|error| Error::Weights { path: path.to_path_buf(), reason: error.to_string() })?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
    std::io::Write::write_all(&mut file, &bytes).map_err(io)?;
    file.as_file().sync_all().map_err(io)?;
    file.persist(path).map_err(|error| io(error.error))?;
    Ok(())
}

/// The network's name for a name of a file: `module.` (written by data-parallel training) goes, and the names of a
/// plain ResNet-50 belong to the trunk.
fn place(parameters: &Parameters, name: &str) -> Option<String> {
    let name = name.strip_prefix("module.").unwrap_or(name);
    let candidates = [name.to_string(), format!("backbone.{name}")];
    candidates.into_iter().find(|name| parameters.get(name).is_some())
}

fn fits(parameters: &Parameters, name: &str, tensor: &Tensor) -> bool {
    parameters.get(name).is_some_and(|var| var.dims() == tensor.dims())
}

fn check_shapes(parameters: &Parameters, found: &BTreeMap<String, &Tensor>, path: &Path) -> Result<()> {
    let mut wrong = Vec::new();
    for (name, tensor) in found {
        let expected = parameters.get(name).expect("place() gives names of the network").dims();
        if tensor.dims() != expected {
            wrong.push((name, tensor.dims(), expected));
        }
    }
    match wrong.first() {
        None => Ok(()),
        Some((name, found, expected)) => Err(Error::Shape {
            path: path.to_path_buf(),
            tensor: name.to_string(),
            found: found.to_vec(),
            expected: expected.to_vec(),
            others: wrong.len() - 1,
        }),
    }
}

/// All tensors of a file, by its own names.
fn read(path: &Path) -> Result<BTreeMap<String, Tensor>> {
    let bad = |reason: String| Error::Weights { path: path.to_path_buf(), reason };
    std::fs::File::open(path).map_err(|source| Error::Io { path: path.to_path_buf(), source })?;
    match path.extension().and_then(|e| e.to_str()) {
        Some("safetensors") => {
            let tensors = candle_core::safetensors::load(path, &Device::Cpu);
            Ok(tensors
                .map_err(|error| bad(format!("not a safetensors file: {error}")))?
                .into_iter()
                .collect())
        }
        Some("pth" | "pt") => read_pickle(path),
        _ => Err(bad("unknown kind of weights; expected .safetensors, .pth or .pt".to_string())),
    }
}

/// A state dict at the top of a PyTorch file, or under one of the usual keys.
fn read_pickle(path: &Path) -> Result<BTreeMap<String, Tensor>> {
    let bad = |reason: String| Error::Weights { path: path.to_path_buf(), reason };
    for key in [None, Some("state_dict"), Some("model"), Some("model_state")] {
        match candle_core::pickle::read_all_with_key(path, key) {
            Ok(tensors) if !tensors.is_empty() => return Ok(tensors.into_iter().collect()),
            Err(error) if key.is_none() => {
                let hint =
                    "PyTorch before 1.6 wrote another format: load and save the file once with a newer one";
                return Err(bad(format!("not a zipped PyTorch file ({error}); {hint}")));
            }
            _ => {}
        }
    }
    Err(bad("no state dict at the top or under state_dict, model or model_state".to_string()))
}
