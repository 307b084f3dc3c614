//! Builds what the functions and classes that a state dict names would make.

use super::error::Result;
use super::node::{Id, Layout, Node, Storage};
use super::scalar::Scalar;
use super::unpickle::Unpickler;

impl<'a> Unpickler<'a> {
    /// Pushes what a call would make: a tensor, a container, or an opaque object. Nothing is called.
    pub(super) fn call(&mut self, function: Id, arguments: Id) -> Result<()> {
        let Node::Global(module, name) = *self.node(function) else {
            return self.push(Node::Opaque(function));
        };
        let given = self.fields(arguments).unwrap_or_default();
        let given = [0, 1, 2].map(|n| given.get(n).copied());
        match (module, name) {
            (b"torch._utils", b"_rebuild_tensor" | b"_rebuild_tensor_v2" | b"_rebuild_tensor_v3") => {
                self.tensor(name, arguments)
            }
            // The data comes first, then what only training needs.
            (b"torch._utils", b"_rebuild_parameter" | b"_rebuild_parameter_with_state") => match given[0] {
                Some(data) => self.push_id(data),
                None => Err(self.bad("a parameter without data".into())),
            },
            // (function, class, arguments, state) of a tensor with attributes.
            (b"torch._tensor", b"_rebuild_from_type_v2") => match (given[0], given[2]) {
                (Some(inner), Some(arguments)) => match *self.node(inner) {
                    Node::Global(b"torch._utils", name) if name.starts_with(b"_rebuild_tensor") => {
                        self.tensor(name, arguments)
                    }
                    _ => self.push(Node::Opaque(function)),
                },
                _ => Err(self.bad("a tensor without data".into())),
            },
            (b"collections", b"OrderedDict") => self.ordered(given[0]),
            (b"collections", b"defaultdict") => self.push(Node::Dict(Vec::new())),
            (b"torch", b"Size") => match given[0] {
                Some(size) => self.push_id(size),
                None => self.push(Node::Tuple(Vec::new())),
            },
            _ => self.push(Node::Opaque(function)),
        }
    }

    /// A storage by its persistent id: `("storage", class, key, location, count)`, before PyTorch 1.6 with a sixth field.
    /// A whole module of that time has `("module", class, file, source)`.
    pub(super) fn persistent(&mut self, id: Id) -> Result<()> {
        let Some(fields) = self.fields(id) else {
            return Err(self.bad("a persistent id that is no tuple".into()));
        };
        let kind = fields.first().map(|id| self.node(*id));
        match (kind, fields.as_slice()) {
            (Some(Node::Text(b"module")), [_, class, ..]) => self.push_id(*class),
            (Some(Node::Text(b"storage")), [_, class, key, _location, count, view @ ..]) => {
                let storage = self.storage([*class, *key, *count], view.first().copied())?;
                self.push(Node::Storage(Box::new(storage)))
            }
            _ => Err(self.bad(format!("a persistent id of {} fields (expected 5 or 6)", fields.len()))),
        }
    }

    fn storage(&mut self, [class, key, count]: [Id; 3], view: Option<Id>) -> Result<Storage<'a>> {
        let (Node::Global(_, class), Node::Text(key)) = (self.node(class), self.node(key)) else {
            return Err(self.bad("a storage without a class or a key".into()));
        };
        let (class, key) = (*class, *key);
        let count = self.index(count)?;
        let root = Storage { key, class, scalar: Scalar::named(class), count, start: 0 };
        let known = self.storages.entry(key).or_insert_with(|| root.clone());
        if (known.class, known.count) != (root.class, root.count) {
            return Err(self.bad("a storage that is declared twice, with another type or length".into()));
        }
        match view.map(|view| self.node(view)) {
            None | Some(Node::None) => Ok(root),
            // (key of the view, first value, number of values)
            Some(Node::Tuple(view)) if view.len() == 3 => {
                let start = view[1];
                Ok(Storage { start: self.index(start)?, ..root })
            }
            Some(_) => Err(self.bad("a view of a storage that has not 3 fields".into())),
        }
    }

    /// `_rebuild_tensor(storage, offset, shape, stride)`, `_v2` with more that only training needs, and `_v3` with the
    /// number type as its seventh argument.
    fn tensor(&mut self, function: &[u8], arguments: Id) -> Result<()> {
        let Some(given) = self.fields(arguments) else {
            return Err(self.bad("a tensor's arguments are no tuple".into()));
        };
        let [storage, offset, shape, stride, rest @ ..] = given.as_slice() else {
            return Err(self.bad(format!("a tensor of {} arguments (expected 4 or more)", given.len())));
        };
        let Node::Storage(storage) = self.node(*storage) else {
            return Err(self.bad("a tensor without a storage".into()));
        };
        let storage = Storage::clone(storage);
        let dtype = match (function, rest.get(2).map(|id| self.node(*id))) {
            (b"_rebuild_tensor_v3", Some(Node::Global(b"torch", dtype))) => Some(*dtype),
            (b"_rebuild_tensor_v3", _) => return Err(self.bad("a tensor without a number type".into())),
            _ => None,
        };
        let (offset, shape) = (self.index(*offset)?, self.indices(*shape)?);
        let stride = self.indices(*stride)?;
        self.spend(shape.len() + stride.len())?;
        self.push(Node::Tensor(Box::new(Layout { storage, dtype, offset, shape, stride })))
    }

    /// An ordered dict, empty or of a list of pairs (Python 2).
    fn ordered(&mut self, pairs: Option<Id>) -> Result<()> {
        let Some(Node::List(items)) = pairs.map(|pairs| self.node(pairs)) else {
            return self.push(Node::Dict(Vec::new()));
        };
        let mut dict = Vec::new();
        for item in items {
            match self.node(*item) {
                Node::List(pair) | Node::Tuple(pair) if pair.len() == 2 => dict.push((pair[0], pair[1])),
                _ => return Err(self.bad("an ordered dict of something else than pairs".into())),
            }
        }
        self.spend(dict.len())?;
        self.push(Node::Dict(dict))
    }

    /// The first items of a tuple, more than any call here needs. A longer tuple is not copied whole, because many calls
    /// could name it.
    fn fields(&self, tuple: Id) -> Option<Vec<Id>> {
        match self.node(tuple) {
            Node::Tuple(items) => Some(items.iter().take(8).copied().collect()),
            _ => None,
        }
    }

    fn index(&self, id: Id) -> Result<usize> {
        match self.node(id) {
            Node::Int(value) => usize::try_from(*value)
                .map_err(|_| self.bad(format!("{value} as a size or an offset (expected 0 or more)"))),
            _ => Err(self.bad("a size or an offset that is no number".into())),
        }
    }

    fn indices(&self, id: Id) -> Result<Vec<usize>> {
        let (Node::Tuple(items) | Node::List(items)) = self.node(id) else {
            return Err(self.bad("a shape that is no tuple".into()));
        };
        if items.len() > super::limits::DIMENSIONS {
            let most = super::limits::DIMENSIONS;
            return Err(super::PthError::Limit { what: "dimensions of a tensor", most });
        }
        items.iter().map(|item| self.index(*item)).collect()
    }
}
