//! The state dict of a pickle: tensors by name.

use super::error::{PthError, Result};
use super::limits;
use super::node::{Id, Layout, Node};
use super::pickle::{Pickle, shown};
use super::tensor::{Maker, Source};
use candle_core::Tensor;
use std::collections::BTreeMap;

/// Where checkpoints of training programs keep the network.
const KEYS: [&str; 4] = ["state_dict", "model", "model_state", "model_state_dict"];

/// All tensors of the state dict at the top, or under one of the usual keys.
pub(super) fn tensors<'a>(
    pickle: &Pickle<'a>,
    file_bytes: usize,
    source: &mut Source<'_, 'a>,
) -> Result<BTreeMap<String, Tensor>> {
    let places = KEYS.iter().filter_map(|key| pickle.get(pickle.top, key));
    let mut candidates = std::iter::once(pickle.top).chain(places);
    let named = candidates.find_map(|dict| Some(layouts(pickle, dict)).filter(|found| !found.is_empty()));
    let mut maker = Maker::new(limits::tensor_bytes(file_bytes));
    let mut made = BTreeMap::new();
    for (name, layout) in named.ok_or_else(|| no_state_dict(pickle))? {
        made.insert(String::from_utf8_lossy(name).into_owned(), maker.make(name, layout, source)?);
    }
    Ok(made)
}

fn layouts<'p, 'a>(pickle: &'p Pickle<'a>, dict: Id) -> BTreeMap<&'a [u8], &'p Layout<'a>> {
    let Node::Dict(pairs) = pickle.node(dict) else { return BTreeMap::new() };
    let tensors = pairs.iter().filter_map(|(name, value)| match pickle.node(*value) {
        Node::Tensor(layout) => Some((pickle.text(*name)?, layout.as_ref())),
        _ => None,
    });
    tensors.collect()
}

fn no_state_dict(pickle: &Pickle<'_>) -> PthError {
    let whole = KEYS.iter().filter_map(|key| pickle.get(pickle.top, key)).chain([pickle.top]);
    let object = whole.into_iter().find(|id| matches!(pickle.node(*id), Node::Opaque(_)));
    let (keys, load) = (KEYS.join(", "), "torch.load(FILE, weights_only=False)");
    let cure = match object {
        // Classes are never run, so a whole module cannot be read.
        Some(_) => format!("save only its state dict: torch.save({load}.state_dict(), OUT)"),
        None => "save the network's state dict: torch.save(net.state_dict(), OUT)".to_string(),
    };
    let holds = pickle.describe(object.unwrap_or(pickle.top));
    PthError::NoStateDict { keys, holds: shown(holds.as_bytes()).into_owned(), cure }
}
