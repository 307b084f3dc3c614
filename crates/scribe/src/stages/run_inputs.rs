//! What a run is given in addition to its recipe.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Files, folders and the device of one call. They are not part of the recipe, because the same experiment has them in
/// other places on another machine.
#[derive(Clone, Debug)]
pub struct RunInputs {
    /// Folder of the data, in the layout that the recipe says; `None` where the recipe draws its pictures.
    pub data: Option<PathBuf>,
    /// SBD's folder.
    pub sbd: Option<PathBuf>,
    /// Weights of the backbone.
    pub backbone: Option<PathBuf>,
    /// A network from which every training starts, instead of what the recipe says.
    pub init: Option<PathBuf>,
    /// Networks to evaluate instead of trained ones, by the id of the model.
    pub weights: BTreeMap<String, PathBuf>,
    /// Folder of the six frost pictures; it need not exist.
    pub frost: PathBuf,
    /// `cpu` or `cuda:N`.
    pub device: String,
}
