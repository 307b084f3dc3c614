//! A pickle that was read, with its objects.

use super::node::{Id, Node, Storage};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The objects of one pickle.
pub(super) struct Pickle<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    /// The object that the pickle is of.
    pub(super) top: Id,
    /// Its length in bytes.
    pub(super) length: usize,
    /// Every storage that it names, by its key.
    pub(super) storages: BTreeMap<&'a [u8], Storage<'a>>,
}

impl<'a> Pickle<'a> {
    pub(super) fn node(&self, id: Id) -> &Node<'a> {
        self.nodes.get(id as usize).unwrap_or(&Node::None)
    }

    /// The value of a text key in a dict. Of a repeated key it is the last value, as in Python.
    pub(super) fn get(&self, dict: Id, key: &str) -> Option<Id> {
        let Node::Dict(pairs) = self.node(dict) else { return None };
        let found =
            pairs.iter().rev().find(|(k, _)| self.text(*k).is_some_and(|text| text == key.as_bytes()));
        found.map(|(_, value)| *value)
    }

    pub(super) fn text(&self, id: Id) -> Option<&'a [u8]> {
        match self.node(id) {
            Node::Text(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Describes an object, for a message.
    pub(super) fn describe(&self, id: Id) -> String {
        match self.node(id) {
            Node::None => "None".into(),
            Node::Bool(_) => "a truth value".into(),
            Node::Int(_) => "a number".into(),
            Node::Other(what) => (*what).into(),
            Node::Text(_) => "a text".into(),
            Node::Tuple(items) => format!("a tuple of {}", items.len()),
            Node::List(items) => format!("a list of {}", items.len()),
            Node::Dict(pairs) => {
                let keys = pairs.iter().filter_map(|(key, _)| self.text(*key)).take(6).map(shown);
                format!("a dict with {} entries ({})", pairs.len(), keys.collect::<Vec<_>>().join(", "))
            }
            Node::Global(module, name) => format!("the name {}.{}", shown(module), shown(name)),
            Node::Storage(_) => "a storage".into(),
            Node::Tensor(_) => "a single tensor without a name".into(),
            Node::Opaque(class) => match self.node(*class) {
                Node::Global(module, name) => format!("an object of {}.{}", shown(module), shown(name)),
                _ => "an object".into(),
            },
        }
    }
}

/// Text of a file for a message. In a damaged file it may be long, or no text at all.
pub(super) fn shown(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(&bytes[..bytes.len().min(100)])
}
