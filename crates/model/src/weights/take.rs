//! Matches a file's names with a network's tensors, and copies what fits.

use super::file::Weights;
use super::report::LoadReport;
use crate::parameters::Parameters;
use crate::{Error, Result};
use candle_core::{DType, Tensor};
use std::collections::BTreeMap;

/// Which tensors of a file are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Take {
    /// All. A tensor of another shape is an error.
    Whole,
    /// Those that fit. A tensor of another shape stays unused, such as a classifier for other classes.
    Fitting,
    /// The backbone, which must be whole. Everything else is left out.
    Backbone,
}

const BACKBONE: &str = "backbone.";
/// The head that torchvision's networks have in training only.
const SECOND_HEAD: &str = "aux_classifier.";
const COUNTER: &str = ".num_batches_tracked";

/// Copies what fits into the parameters. On an error nothing is changed.
pub(crate) fn take(parameters: &Parameters, weights: &Weights, what: Take) -> Result<LoadReport> {
    let mut report = LoadReport::default();
    let found = found(parameters, weights, what, &mut report)?;
    for (name, _) in
        parameters.named().filter(|(name, _)| what != Take::Backbone || name.starts_with(BACKBONE))
    {
        let list = match found.get(name) {
            Some(_) => &mut report.loaded,
            None if name.ends_with(COUNTER) => &mut report.uncounted,
            None => &mut report.missing,
        };
        list.push(name.to_string());
    }
    check(parameters, weights, &found, what, &report)?;
    for (name, var) in parameters.named() {
        if let Some((_, tensor)) = found.get(name) {
            var.set(&tensor.to_device(parameters.device())?.to_dtype(var.dtype())?)?;
        }
    }
    let path = weights.path();
    tracing::debug!(path = %path.display(), loaded = report.loaded.len(), missing = ?report.missing,
        uncounted = report.uncounted.len(), unused = ?report.unused, left_out = ?report.left_out, "weights read");
    Ok(report)
}

/// By the network's names, the file's spelling and the tensor.
type Found<'w> = BTreeMap<String, (&'w str, &'w Tensor)>;

fn found<'w>(
    parameters: &Parameters,
    weights: &'w Weights,
    what: Take,
    report: &mut LoadReport,
) -> Result<Found<'w>> {
    let mut found = Found::new();
    for (name, tensor) in weights.tensors() {
        let place = place(parameters, name);
        let other_shape = place
            .as_ref()
            .and_then(|place| parameters.get(place))
            .is_some_and(|var| var.dims() != tensor.dims());
        match place {
            Some(place) if what == Take::Backbone && !place.starts_with(BACKBONE) => {
                report.left_out.push(name.clone());
            }
            Some(_) if what == Take::Fitting && other_shape => report.unused.push(name.clone()),
            Some(place) => {
                if let Some((earlier, _)) = found.insert(place.clone(), (name.as_str(), tensor)) {
                    let reason =
                        format!("two of its tensors, {earlier} and {name}, are the network's {place}");
                    return Err(Error::Weights { path: weights.path().to_path_buf(), reason });
                }
            }
            None if what == Take::Backbone || plain(name).starts_with(SECOND_HEAD) => {
                report.left_out.push(name.clone());
            }
            None => report.unused.push(name.clone()),
        }
    }
    Ok(found)
}

/// A name of a file without `module.`, which data-parallel training writes.
fn plain(name: &str) -> &str {
    name.strip_prefix("module.").unwrap_or(name)
}

/// The network's name for a name of a file. The names of a plain ResNet-50 are those of the backbone.
fn place(parameters: &Parameters, name: &str) -> Option<String> {
    let name = plain(name);
    let candidates = [name.to_string(), format!("{BACKBONE}{name}")];
    candidates.into_iter().find(|name| parameters.get(name).is_some())
}

fn check(
    parameters: &Parameters,
    weights: &Weights,
    found: &Found<'_>,
    what: Take,
    report: &LoadReport,
) -> Result<()> {
    let path = || weights.path().to_path_buf();
    if found.is_empty() {
        let names = weights.tensors().keys();
        let some: Vec<_> = names.take(3).map(String::as_str).collect();
        let reason = format!(
            "none of its {} names is the network's (first: {})",
            weights.tensors().len(),
            some.join(", ")
        );
        return Err(Error::Weights { path: path(), reason });
    }
    let shapes = found.iter().filter_map(|(name, (_, tensor))| Some((name, *tensor, parameters.get(name)?)));
    let wrong: Vec<_> = shapes.filter(|(_, tensor, var)| tensor.dims() != var.dims()).collect();
    if let Some((name, tensor, var)) = wrong.first() {
        return Err(Error::Shape {
            path: path(),
            tensor: name.to_string(),
            found: tensor.dims().to_vec(),
            expected: var.dims().to_vec(),
            others: wrong.len() - 1,
        });
    }
    check_finite(weights, found)?;
    match report.missing.first() {
        Some(first) if what == Take::Backbone => {
            Err(Error::Backbone { path: path(), missing: report.missing.len(), first: first.clone() })
        }
        _ => Ok(()),
    }
}

/// A network with a number that is not finite predicts one class everywhere, and its scores would pass for a result.
fn check_finite(weights: &Weights, found: &Found<'_>) -> Result<()> {
    for (name, tensor) in found.values() {
        let values = tensor.flatten_all()?.to_dtype(DType::F64)?.to_vec1::<f64>()?;
        if let Some(value) = values.iter().find(|value| !value.is_finite()) {
            let reason = format!(
                "tensor {name} holds {value} (expected finite numbers): the training that wrote it diverged; take an \
                 earlier checkpoint"
            );
            return Err(Error::Weights { path: weights.path().to_path_buf(), reason });
        }
    }
    Ok(())
}
