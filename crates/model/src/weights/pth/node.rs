//! The objects of a pickle, in one list: they refer to each other by index, so that nothing recurses over them and a
//! deep or circular pickle needs no deep stack, not even to be dropped.

use super::scalar::Scalar;

/// Index of a [`Node`].
pub(super) type Id = u32;

/// One object; text lies in the pickle's bytes.
#[derive(Clone, Debug)]
pub(super) enum Node<'a> {
    None,
    Bool(bool),
    Int(i64),
    /// A number or bytes that no tensor needs; said by its kind.
    Other(&'static str),
    Text(&'a [u8]),
    Tuple(Vec<Id>),
    List(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    /// A class or function by name. It is compared, never looked up or called.
    Global(&'a [u8], &'a [u8]),
    Storage(Box<Storage<'a>>),
    Tensor(Box<Layout<'a>>),
    /// What a class or function would have made, by its global's index (or itself when there is none).
    Opaque(Id),
}

/// A storage as the pickle declares it.
#[derive(Clone, Debug)]
pub(super) struct Storage<'a> {
    /// Its name in the file.
    pub(super) key: &'a [u8],
    /// The storage class's name, for messages.
    pub(super) class: &'a [u8],
    /// `None` for a class that is not known.
    pub(super) scalar: Option<Scalar>,
    /// Number of values.
    pub(super) count: usize,
    /// First value, for a view of another storage (written by PyTorch before 0.4).
    pub(super) start: usize,
}

/// A tensor as the pickle declares it; nothing of it is checked yet.
#[derive(Clone, Debug)]
pub(super) struct Layout<'a> {
    pub(super) storage: Storage<'a>,
    /// The type that the tensor reads from an untyped storage: its name.
    pub(super) dtype: Option<&'a [u8]>,
    /// Index of the first value.
    pub(super) offset: usize,
    pub(super) shape: Vec<usize>,
    /// Values from one to the next, for each dimension.
    pub(super) stride: Vec<usize>,
}
