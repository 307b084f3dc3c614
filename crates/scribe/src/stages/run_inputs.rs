//! Where the outside lies: what a run is given, as opposed to what its recipe says.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Paths and device of one call. None of them is part of the recipe: the same experiment may lie elsewhere tomorrow.
#[derive(Clone, Debug)]
pub struct RunInputs {
    /// Folder in VOC's layout; `None` where the recipe draws its pictures.
    pub data: Option<PathBuf>,
    /// SBD's folder.
    pub sbd: Option<PathBuf>,
    /// Checkpoint of the backbone.
    pub backbone: Option<PathBuf>,
    /// Network to start every training from, instead of what the recipe says.
    pub init: Option<PathBuf>,
    /// Networks to evaluate instead of trained ones, by the model's id.
    pub weights: BTreeMap<String, PathBuf>,
    /// Folder that holds the six frost pictures, if they were fetched.
    pub frost: PathBuf,
    /// `cpu` or `cuda:N`.
    pub device: String,
}
